package importer

import (
	"context"
	"io"
	"io/fs"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/internal/importer/jsonfile"
)

const (
	// maxDetectBytes bounds what is read of one file: no export is larger.
	maxDetectBytes = 1 << 30
	// maxDetectMembers bounds the members that importers look at again with each further one.
	maxDetectMembers = 1000
)

// form is what a file of JSON turns out to be.
type form int

const (
	unknown  form = iota
	export        // an importer knows it
	failure       // an error that a service returned
	manifest      // of a bundle
	other         // an object of another kind
)

// detected is the form of a file, the importer that knows it, and in words what it is if none does.
type detected struct {
	form form
	by   Importer
	what string
	head Head // as far as it was read
}

// detect reads the first object of a file, or of its list, until an importer knows it.
func (o Options) detect(ctx context.Context, name string, r io.Reader) detected {
	d := detected{head: Head{Path: name}}
	decoder := jsonfile.NewDecoder(ctx, r, maxDetectBytes)
	if decoder.PeekKind() == '[' {
		if _, err := decoder.ReadToken(); err != nil {
			return d.is(unknown, jsonfile.Explain(err))
		}
		if decoder.PeekKind() != '{' {
			return d.is(unknown, "a list, but not of responses")
		}
	}
	token, err := decoder.ReadToken()
	if err != nil {
		return d.is(unknown, jsonfile.Explain(err))
	}
	if token.Kind() != '{' {
		return d.is(unknown, "one bare value")
	}
	for decoder.PeekKind() != '}' {
		read, err := d.head.member(decoder)
		if err != nil {
			return d.is(unknown, jsonfile.Explain(err))
		}
		if by, match := o.match(ctx, d.head, nil); match == Yes {
			d.by = by
			return d.is(export, "")
		}
		if d.head.Last() == "error" && d.head.Kind == '{' {
			return d.is(failure, "an error that a service answered with")
		}
		if read {
			continue
		}
		if len(d.head.Members) == maxDetectMembers {
			return d.is(other, "JSON of another kind")
		}
		if err := decoder.SkipValue(); err != nil {
			return d.is(unknown, jsonfile.Explain(err))
		}
	}
	d.head.Whole = true
	if by, match := o.match(ctx, d.head, nil); match == Yes {
		d.by = by
		return d.is(export, "")
	}
	return d.noExport()
}

// member reads the name of the next member. It also reads the value of an "@odata.context", and returns whether it did.
func (h *Head) member(decoder *jsontext.Decoder) (read bool, err error) {
	name, err := decoder.ReadToken()
	if err != nil {
		return false, err
	}
	h.Members = append(h.Members, name.String()) // before the decoder goes on
	h.Kind, h.Context = decoder.PeekKind(), ""
	if h.Last() != "@odata.context" || h.Kind != '"' {
		return false, nil
	}
	value, err := decoder.ReadToken()
	if err != nil {
		return false, err
	}
	h.Context = value.String()
	return true, nil
}

// noExport tells a manifest from other objects that no importer knows.
func (d detected) noExport() detected {
	has := func(name string) bool { return slices.Contains(d.head.Members, name) }
	switch {
	case has("schema_version") && has("datasets"):
		return d.is(manifest, "a manifest by itself: name the folder that it is in")
	case has("schema_version"), has("datasets"), has("collected_at"): // a manifest that lacks something
		return d.is(unknown, "JSON of another kind")
	}
	return d.is(other, "JSON of another kind")
}

func (d detected) is(f form, what string) detected {
	d.form, d.what = f, what
	return d
}

// match returns the first importer that accepts a file, and how. Maybe counts if no other does more.
func (o Options) match(ctx context.Context, head Head, files fs.FS) (Importer, Match) {
	var last Importer
	for _, i := range o.Importers {
		switch match := i.Detect(ctx, head, files); match {
		case Yes, Name:
			return i, match
		case Maybe:
			last = i
		case No:
		}
	}
	if last != nil {
		return last, Maybe
	}
	return nil, No
}
