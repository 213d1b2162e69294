package schemas

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

// The quick path may say yes only where the library does.
func FuzzAccept(f *testing.F) {
	f.Add("entra.users", user)
	f.Add("entra.users", `{"id": "u", "createdDateTime": "2024-02-30T10:11:12Z"}`)
	f.Add("entra.domains", `{"id": "a.example", "passwordValidityPeriodInDays": -0}`)
	f.Add("entra.conditional_access_policies", `{"id": "p", "state": "enabled", "conditions": {"users": null, "clientAppTypes": ["all"]}, "grantControls": {"operator": null}}`)
	f.Add("attestation.claims", `{"controlId": "X", "compliant": true, "by": "ada", "at": "2024-01-02T03:04:05.678+01:00", "until": null}`)
	registry := builtin(f)
	f.Fuzz(func(t *testing.T, name, text string) {
		dataset, ok := registry.Dataset(name)
		if !ok {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) != nil {
			return
		}
		found := dataset.Validate(value)
		if !dataset.schema.accept().accepts(value) {
			return
		}
		compiled, err := dataset.schema.compiled()
		if err != nil {
			t.Fatal(err)
		}
		if err := compiled.Validate(value); err != nil || found != nil {
			t.Errorf("accepted, but: %v, %v", err, found)
		}
	})
}

func TestInstant(t *testing.T) {
	tests := map[string]bool{
		"2024-02-29T10:11:12Z":          true,
		"2024-02-29T10:11:12.5+01:00":   true,
		"2024-02-29T10:11:12,5Z":        false, // time.Parse takes a comma
		"2024-02-29T1:11:12Z":           false, // and one digit of the hour
		"2023-02-29T10:11:12Z":          false,
		"2024-02-29 10:11:12Z":          false,
		"2024-02-29":                    false,
		"2024-02-29T10:11:12":           false,
		"/Date(1723812853000)/":         false,
		time.Time{}.Format(time.Layout): false,
	}
	for text, want := range tests {
		if got := instant(text); got != want {
			t.Errorf("instant(%q) = %v, want %v", text, got, want)
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
		{`"pattern": "a"`, `"a"`, false},
		{`"type": 1`, `"a"`, false},
		{`"enum": [1]`, `1`, false},
		{`"format": "email"`, `"a@b.example"`, false},
		{`"additionalProperties": {}`, `{}`, false},
		{`"required": [1]`, `{}`, false},
		{`"items": true`, `[]`, false},
		{`"properties": {"a": true}`, `{}`, false},
		{`"properties": {"a": {"pattern": "a"}}`, `{}`, true},
		{`"properties": {"a": {"pattern": "a"}}`, `{"a": "a"}`, false},
		{`"additionalProperties": false`, `{"a": 1}`, false},
		{`"additionalProperties": true`, `{"a": [{"b": null}]}`, true},
		{`"type": "array"`, `[1e999]`, false},
		{`"type": "integer"`, `12`, true},
		{`"type": "integer"`, `1e3`, false},
	}
	for _, test := range tests {
		shape := decode(t, `{`+test.rules+`}`).(map[string]any)
		if got := newAcceptor(shape).accepts(decode(t, test.value)); got != test.want {
			t.Errorf("%s on %s: %v, want %v", test.rules, test.value, got, test.want)
		}
	}
}
