package check

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

// TestSchemas shows what OPA's checker is told of a schema.
func TestSchemas(t *testing.T) {
	tests := []struct{ name, schema, want string }{
		{"true", `{}`, `{}`},
		{"scalar", `{"type": "integer", "minimum": 1}`, `{"type":"number"}`},
		{"nullable", `{"type": ["string", "null"]}`, `{"type":"string"}`},
		{"null", `{"type": "null"}`, `{}`},
		{"several types", `{"type": ["boolean", "string"]}`, `{"anyOf":[{"type":"boolean"},{"type":"string"}]}`},
		{"enum without type", `{"enum": ["a", 1, null]}`, `{"anyOf":[{"type":"number"},{"type":"string"}]}`},
		{"enum of lists", `{"enum": [["a"]]}`, `{}`},
		{"const", `{"const": true}`, `{"type":"boolean"}`},
		{"closed", `{"type": "object", "properties": {"a\"b": true, "c": {"type": "string"}}}`, `{"type":"object","additionalProperties":false,"properties":{"a\"b":{},"c":{"type":"string"}}}`},
		{"map", `{"type": "object", "additionalProperties": {"type": "string"}}`, `{"type":"object"}`},
		{"patterns", `{"type": "object", "properties": {"a": {}}, "patternProperties": {"^x": {}}}`, `{"type":"object"}`},
		{"empty", `{"type": "object", "properties": {}}`, `{"type":"object"}`},
		{"list", `{"type": "array", "items": {"type": "boolean"}}`, `{"type":"array","items":{"type":"boolean"}}`},
		{"tuple", `{"type": "array", "prefixItems": [{"type": "boolean"}], "items": {"type": "string"}}`, `{"type":"array","items":{}}`},
		{"list or one", `{"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}`, `{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"string"}}]}`},
		{"one of", `{"oneOf": [{"type": "object", "properties": {"a": {"type": "string"}}}, {"type": "object", "properties": {"a": {"type": "number"}, "b": {}}}]}`, `{"type":"object","additionalProperties":false,"properties":{"a":{"anyOf":[{"type":"number"},{"type":"string"}]},"b":{}}}`},
		{"all of", `{"type": "object", "allOf": [{"properties": {"a": {"type": ["string", "null"]}}}, {"properties": {"a": {"type": "string"}, "b": {}}}]}`, `{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"},"b":{}}}`},
		{"condition", `{"type": "object", "properties": {"a": {}}, "if": {}, "then": {"properties": {"b": {}}}}`, `{"type":"object","additionalProperties":false,"properties":{"a":{},"b":{}}}`},
		{"reference", `{"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "string"}}}`, `{"type":"string"}`},
		{"reference and more", `{"$ref": "#/$defs/a", "description": "x", "$defs": {"a": {"type": "string"}}}`, `{"type":"string"}`},
		{"nested definitions", `{"type": "object", "properties": {"joined": {"$defs": {"a": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a"}, "y": {"$ref": "#/$defs/b"}}}}, "$defs": {"a": {"type": "number"}, "b": {"type": "boolean"}}}`, `{"type":"object","additionalProperties":false,"properties":{"joined":{"type":"object","additionalProperties":false,"properties":{"x":{"type":"string"},"y":{"type":"boolean"}}}}}`},
		{"circular", `{"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "properties": {"next": {"$ref": "#/$defs/a"}}}}}`, `{"type":"object","additionalProperties":false,"properties":{"next":{"type":"object","additionalProperties":false,"properties":{"next":{}}}}}`},
		{"circular alternatives", `{"$defs": {"a": {"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}}, "b": {"type": "object", "properties": {"x": {"$ref": "#/$defs/b"}}}}, "anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}]}`, `{"type":"object","additionalProperties":false,"properties":{"x":{}}}`},
		{"itself", `{"$ref": "#"}`, `{}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, errs := readSchema(schemaOf(t, test.schema))
			if len(errs) > 0 {
				t.Fatal(errs)
			}
			var got strings.Builder
			emit(&got, n, nil)
			expect.Equalf(t, test.want, got.String(), "schema")
		})
	}
}
