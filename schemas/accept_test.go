package schemas

import (
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
)

func TestInstant(t *testing.T) {
	tests := map[string]bool{
		"2024-02-29T10:11:12Z":          true,
		"2024-02-29T10:11:12.5+01:00":   true,
		"2024-02-29T10:11:12,5Z":        false, // time.Parse takes a comma
		"2024-02-29T1:11:12Z":           false, // and one digit of the hour
		"2024-12-31T23:59:59-23:59":     true,
		"2024-02-29T10:11:12.Z":         false,
		"2024-02-29T10:11:12.5":         false,
		"2024-02-29T10:11:12+24:00":     false,
		"2024-02-29T10:11:12+01:60":     false,
		"2024-02-29T10:11:12+0100":      false,
		"2024-02-29T10:11:12+0a:00":     false,
		"2024-02-29T10:11:12ZZ":         false,
		"2024-13-01T10:11:12Z":          false,
		"2024-00-01T10:11:12Z":          false,
		"2024-01-00T10:11:12Z":          false,
		"2024-04-31T10:11:12Z":          false,
		"2024-01-01T24:00:00Z":          false,
		"2016-12-31T23:59:60Z":          false, // a leap second is left to the library
		"2023-02-29T10:11:12Z":          false,
		"2024-02-29 10:11:12Z":          false,
		"2024-02-29":                    false,
		"2024-02-29T10:11:12":           false,
		"/Date(1723812853000)/":         false,
		time.Time{}.Format(time.Layout): false,
	}
	for text, want := range tests {
		if got, bytes := instant(text), instant([]byte(text)); got != want || bytes != want {
			t.Errorf("instant(%q) = %v, of bytes %v, want %v", text, got, bytes, want)
		}
	}
}

// A schema with a keyword that is not known here is left to the library, and so is a field with one.
func TestAcceptorKnowsItsLimits(t *testing.T) {
	tests := []struct {
		rules, value string
		want         bool
	}{
		{`"type": "string"`, `"a"`, true},
		{`"pattern": "^a$"`, `"a"`, true},
		{`"pattern": "^a$"`, `"ab"`, false},
		{`"pattern": "("`, `"("`, false},
		{`"pattern": 1`, `"1"`, false},
		{`"type": 1`, `"a"`, false},
		{`"enum": [1]`, `1`, false},
		{`"format": "email"`, `"a@b.example"`, false},
		{`"additionalProperties": {}`, `{}`, false},
		{`"required": [1]`, `{}`, false},
		{`"items": true`, `[]`, false},
		{`"properties": {"a": true}`, `{}`, false},
		{`"properties": {"a": {"const": "a"}}`, `{}`, true},
		{`"properties": {"a": {"const": "a"}}`, `{"a": "a"}`, false},
		{`"additionalProperties": false`, `{"a": 1}`, false},
		{`"additionalProperties": true`, `{"a": [{"b": null}]}`, true},
		{`"type": "array"`, `[1e999]`, false},
		{`"type": "integer"`, `12`, true},
		{`"type": "integer"`, `1e3`, false},
		{`"type": "number"`, `1e3`, true},
		{`"type": ["integer", "null"]`, `null`, true},
		{`"type": []`, `null`, false},
		{`"type": "text"`, `"a"`, false},
		{`"enum": ["a", null]`, `null`, true},
		{`"enum": ["a", null]`, `"a"`, true},
		{`"enum": ["a", null]`, `"b"`, false},
		{`"enum": ["a", null]`, `1`, false},
		{`"type": "string", "enum": ["a", null]`, `null`, false},
		{`"minLength": 2`, `"éa"`, true},
		{`"minLength": 2`, `"é"`, false},
		{`"minLength": -1`, `"a"`, false},
		{`"required": ["a"]`, `{"a": {"b": []}}`, true},
		{`"required": ["a"]`, `{"b": 1}`, false},
		{`"required": ["a"], "additionalProperties": false`, `{"a": 1}`, false},
		{`"items": {"type": "string"}`, `["a", "b"]`, true},
		{`"items": {"type": "string"}`, `["a", 1]`, false},
	}
	for _, test := range tests {
		a := newAcceptor(decode(t, `{`+test.rules+`}`).(map[string]any), nil)
		expect.Equalf(t, test.want, a.acceptsValue(decode(t, test.value)), "%s on %s, decoded", test.rules, test.value)
		expect.Equalf(t, test.want, a.acceptsText([]byte(test.value)), "%s on %s, as text", test.rules, test.value)
	}
}
