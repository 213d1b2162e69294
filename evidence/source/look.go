package source

import (
	"context"
	"io"
	"slices"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/evidence/powershell"
	"github.com/posture-score/posture/evidence/scubagear"
)

// form is what a file of JSON turns out to be.
type form int

const (
	unknown form = iota
	scubagearExport
	graphResponse
)

// look finds out what a file is from the names of its members, or from those
// of its first element. If that is nothing we know, it says what was found.
func look(ctx context.Context, r io.Reader) (form, string) {
	decoder := powershell.NewDecoder(ctx, r, maxBytes)
	if decoder.PeekKind() == '[' {
		if _, err := decoder.ReadToken(); err != nil {
			return unknown, powershell.Explain(err)
		}
		if decoder.PeekKind() != '{' {
			return unknown, "a list, but not of responses"
		}
	}
	token, err := decoder.ReadToken()
	if err != nil {
		return unknown, powershell.Explain(err)
	}
	if token.Kind() != '{' {
		return unknown, "one bare value"
	}
	var names []string
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return unknown, powershell.Explain(err)
		}
		names = append(names, name.String())
		switch {
		case name.String() == "@odata.context":
			return graphResponse, ""
		case scubagear.IsExport(names):
			return scubagearExport, ""
		}
		if err := decoder.SkipValue(); err != nil {
			return unknown, powershell.Explain(err)
		}
	}
	if slices.Contains(names, "schema_version") && slices.Contains(names, "datasets") {
		return unknown, "a manifest by itself: name the folder that it is in"
	}
	return unknown, "JSON of another kind"
}

// unrecognised says what was looked for, and what to do.
func unrecognised(name, why string) error {
	return &evidence.Error{
		Path:    name,
		Summary: "no evidence that posture knows (" + why + ")",
		Hint: "Looked for: a bundle, which is a folder or an archive with manifest.json; " + exportName +
			` of ScubaGear; answers of Microsoft Graph, saved with their "@odata.context"; answers of ` +
			"PowerShell cmdlets, named after them, such as Get-SafeLinksPolicy.json.",
	}
}
