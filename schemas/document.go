package schemas

import (
	"fmt"
	"strings"
)

// Text returns the schema of a document that we write: "manifest", "assessment", "failure", "diff" or "collection".
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

// Validate checks a document that we write or read whole (see [Text]). The value is decoded JSON, with [encoding/json.Number] for numbers. A
// document without a schema is a violation of its own.
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
