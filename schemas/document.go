package schemas

import (
	"fmt"
	"strings"
)

// Text returns the JSON Schema of a document that posture writes: "manifest", "assessment", "failure",
// "attestation", "diff", "attribution", "reconciliation", "graph_import", "history", "benchmark",
// "trend", "collection", "owners", "decisions", "verification" or "watch".
func Text(document string) ([]byte, error) {
	if strings.ContainsAny(document, "/\\.") {
		return nil, fmt.Errorf("no schema is named %s", clip(document))
	}
	raw, err := files.ReadFile(document + ".json")
	if err != nil {
		return nil, fmt.Errorf("no schema is named %s", clip(document))
	}
	return raw, nil
}

// Validate checks a document that posture writes (see [Text]). The value is JSON decoded with
// [encoding/json.Number] for numbers. A document that has no schema is a violation.
func Validate(document string, value any) []Violation {
	raw, err := Text(document)
	if err != nil {
		return []Violation{{Keyword: "$schema", Message: err.Error()}}
	}
	schema, err := newSchema(raw, false)
	if err != nil {
		return []Violation{{Keyword: "$schema", Message: "the schema itself is not valid"}}
	}
	return schema.validate(value)
}

// Accepts reports whether a document that posture writes (see [Text]) is certainly valid: well-formed JSON without duplicate names, as text. Of
// what is not certain [Validate] says more.
func Accepts(document string, text []byte) bool {
	raw, err := Text(document)
	if err != nil {
		return false
	}
	schema, err := newSchema(raw, false)
	return err == nil && schema.accept().acceptsText(text)
}
