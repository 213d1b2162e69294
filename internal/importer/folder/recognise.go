package folder

import (
	"context"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/importer/defender"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/importer/scubagear"
)

// maxBytes bounds what is looked at of one file: no export is larger.
const maxBytes = 1 << 30

// Form is what a file of JSON turns out to be.
type Form int

// The forms that are known by their content.
const (
	Unknown   Form = iota
	ScubaGear      // an export of ScubaGear
	Response       // a response of Graph, a list of them, or the answer to a batch
	Failure        // an error that a service answered with
	Manifest       // of a bundle
	Devices        // records of Defender about devices and their settings
	Other          // an object of another kind
)

// Recognise finds out what a file is from the names of its members, or from
// those of its first element. If that is nothing we know, it says what was found.
func Recognise(ctx context.Context, r io.Reader) (Form, string) {
	decoder := psobject.NewDecoder(ctx, r, maxBytes)
	if decoder.PeekKind() == '[' {
		if _, err := decoder.ReadToken(); err != nil {
			return Unknown, psobject.Explain(err)
		}
		if decoder.PeekKind() != '{' {
			return Unknown, "a list, but not of responses"
		}
	}
	token, err := decoder.ReadToken()
	if err != nil {
		return Unknown, psobject.Explain(err)
	}
	if token.Kind() != '{' {
		return Unknown, "one bare value"
	}
	var names []string
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return Unknown, psobject.Explain(err)
		}
		last := name.String() // before the decoder goes on
		names = append(names, last)
		switch kind := decoder.PeekKind(); {
		case last == "@odata.context":
			return response(decoder), ""
		case last == "responses" && kind == '[':
			return Response, ""
		case defender.IsRow(names), defender.IsAnswer(names):
			return Devices, ""
		case scubagear.IsExport(names):
			return ScubaGear, ""
		case last == "error" && kind == '{':
			return Failure, "an error that a service answered with"
		}
		if err := decoder.SkipValue(); err != nil {
			return Unknown, psobject.Explain(err)
		}
	}
	if scubagear.IsResults(names) {
		return ScubaGear, "" // without an export: the importer says so
	}
	if slices.Contains(names, "schema_version") && slices.Contains(names, "datasets") {
		return Manifest, "a manifest by itself: name the folder that it is in"
	}
	for _, mark := range []string{"schema_version", "datasets", "collected_at"} {
		if slices.Contains(names, mark) { // a manifest that lacks something
			return Unknown, "JSON of another kind"
		}
	}
	return Other, "JSON of another kind"
}

// response tells an answer of advanced hunting from others of Graph, by its context.
func response(decoder *jsontext.Decoder) Form {
	if decoder.PeekKind() != '"' {
		return Response
	}
	context, err := decoder.ReadToken()
	if err == nil && defender.IsContext(context.String()) {
		return Devices
	}
	return Response
}
