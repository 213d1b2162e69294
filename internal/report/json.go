package report

import (
	"encoding/json"
	"io"
	"maps"
	"slices"

	"github.com/posture-score/posture/engine"
)

// schemaVersion is the version of the documents of this package. A document that changes in a way that breaks its readers gets a
// version of its own.
const schemaVersion = "1"

// header is the beginning of the documents about an assessment.
type header struct {
	SchemaVersion string        `json:"schema_version"`
	Tenant        engine.Tenant `json:"tenant"`
	EvaluatedAt   string        `json:"evaluated_at"`
}

func newHeader(a *engine.Assessment) header {
	return header{SchemaVersion: schemaVersion, Tenant: a.Tenant, EvaluatedAt: a.EvaluatedAt.Format("2006-01-02T15:04:05Z07:00")}
}

// writeJSON writes a page as indented JSON, with a line feed at the end and without escaping for HTML. An assessment is written piece by piece.
func writeJSON(w io.Writer, page Page, _ Style) error {
	if a, ok := page.(Assessment); ok {
		return a.stream(w)
	}
	return encode(w, page.document())
}

// encode writes a value as indented JSON.
func encode(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}

// compact returns a value as JSON on one line.
func compact(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
