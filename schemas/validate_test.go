package schemas

import (
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

func TestDatasetValidate(t *testing.T) {
	long := strings.Repeat("x", 1000)
	tests := []struct {
		name, dataset, value string
		want                 []Violation
	}{
		{"good", "entra.users", user, nil},
		{"null where it may be", "entra.users", `{"accountEnabled": true, "id": "u1", "mail": null, "userType": null}`, nil},
		{"fields nobody knows", "entra.users", `{"accountEnabled": true, "userType": "Member", "id": "u1", "@odata.type": "x", "other": {"deep": [1, 2.5]}}`, nil},
		{"1.0 is an integer", "entra.domains", `{"id": "a.example", "passwordValidityPeriodInDays": 1.0}`, nil},
		{"a document", "entra.security_defaults", `{"isEnabled": false}`, nil},
		{
			"a wrong type", "entra.users", `{"userType": "Member", "id": 7, "accountEnabled": "true"}`,
			[]Violation{{"/accountEnabled", "type", "want boolean or null, got string"}, {"/id", "type", "want string, got number"}},
		},
		{
			"not an object", "entra.users", `["u1"]`,
			[]Violation{{"", "type", "want object, got array"}},
		},
		{
			"a missing field", "entra.users", `{"userType": "Member", "accountEnabled": true}`,
			[]Violation{{"", "required", `missing field "id"`}},
		},
		{
			"missing fields", "attestation.claims", `{"controlId": "X"}`,
			[]Violation{{"", "required", `missing fields "compliant", "by", "at"`}},
		},
		{
			"an empty key", "entra.users", `{"accountEnabled": true, "userType": "Member", "id": ""}`,
			[]Violation{{"/id", "minLength", "the text is empty"}},
		},
		{
			"a value nobody knows", "entra.users", `{"accountEnabled": true, "id": "u1", "userType": "Alien"}`,
			[]Violation{{"/userType", "enum", `"Alien" is not one of "Member", "Guest"`}},
		},
		{
			"a long value", "entra.users", `{"accountEnabled": true, "id": "u1", "userType": "` + long + `"}`,
			[]Violation{{"/userType", "enum", `"` + long[:40] + `…" is not one of "Member", "Guest"`}},
		},
		{
			"a date in words", "entra.users", `{"accountEnabled": true, "userType": "Member", "id": "u1", "createdDateTime": "yesterday"}`,
			[]Violation{{"/createdDateTime", "format", `"yesterday" is not a date-time`}},
		},
		{
			"a fraction where an integer is wanted", "entra.domains", `{"id": "a.example", "passwordValidityPeriodInDays": 1.5}`,
			[]Violation{{"/passwordValidityPeriodInDays", "type", "want integer or null, got 1.5"}},
		},
		{
			"deep inside", "entra.conditional_access_policies",
			`{"id": "p", "state": "on", "conditions": {"users": {"includeUsers": ["All", 7]}, "clientAppTypes": ["fax"]}}`,
			[]Violation{
				{"/conditions/clientAppTypes/0", "enum", `"fax" is not one of "all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"`},
				{"/conditions/users/includeUsers/1", "type", "want string, got number"},
				{"/state", "enum", `"on" is not one of "enabled", "disabled", "enabledForReportingButNotEnforced"`},
			},
		},
		{
			"a field with an odd name", "entra.role_assignments", `{"id": "a", "principalId": "u", "roleDefinitionId": "r", "principal": {"@odata.type": true}}`,
			[]Violation{{"/principal/@odata.type", "type", "want string, got boolean"}},
		},
		{
			"numbers that can't be held", "entra.users", `{"accountEnabled": true, "userType": "Member", "id": "u1", "a/b": [1e999], "c~": 1e-99999999, "d": 1}`,
			[]Violation{{"/a~1b/0", "type", `the number "1e999" is out of range`}, {"/c~0", "type", `the number "1e-99999999" is out of range`}},
		},
		{
			"an integer that can't be held", "entra.domains", `{"id": "a.example", "passwordValidityPeriodInDays": 1e2000000}`,
			[]Violation{{"/passwordValidityPeriodInDays", "type", `the number "1e2000000" is out of range`}},
		},
	}
	registry := builtin(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dataset, _ := registry.Dataset(test.dataset)
			expect.Equalf(t, test.want, dataset.Validate(decode(t, test.value)), "violations")
		})
	}
}

func TestValidateRefusesWhatIsNotJSON(t *testing.T) {
	dataset, _ := builtin(t).Dataset("entra.users")
	for _, value := range []any{struct{}{}, map[string]any{"id": make(chan int)}, math.NaN(), nil} {
		if len(dataset.Validate(value)) == 0 {
			t.Errorf("%T passed", value)
		}
	}
}

func TestStructural(t *testing.T) {
	tests := map[string]bool{
		"type": true, "required": true, "minLength": true, "additionalProperties": true, "pattern": true,
		"enum": false, "format": false, "const": false, "minimum": false, "maximum": false,
	}
	for keyword, want := range tests {
		expect.Equalf(t, want, (Violation{Keyword: keyword}).Structural(), "%s: structural", keyword)
	}
}

// Every keyword that a schema may use has its words, and one that we don't know is named.
func TestMessages(t *testing.T) {
	tests := []struct{ rules, value, want string }{
		{`"const": "1"`, `"2"`, `want "1", got "2"`},
		{`"const": "1"`, `{}`, `want "1", got an object`},
		{`"enum": ["a", null]`, `[]`, `an array is not one of "a"`},
		{`"enum": ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]`, `true`, `true is not one of "a", "b", "c", "d", "e", "f", "g", "h", and 2 more`},
		{`"pattern": "^a$"`, `"b"`, `"b" does not match ^a$`},
		{`"minimum": 1`, `0`, `0 is less than 1`},
		{`"maximum": 1`, `1` + strings.Repeat("0", 50), `1` + strings.Repeat("0", 39) + `… is more than 1`},
		{`"minLength": 2`, `"a"`, `"a" is shorter than 2 characters`},
		{`"type": "array"`, `null`, `want array, got null`},
		{`"type": "array"`, `{}`, `want array, got object`},
		{`"properties": {"a": {}}, "additionalProperties": false`, `{"a": 1, "b": 2}`, `unknown field "b"`},
		{`"additionalProperties": false`, `{"a": 1, "b": 2}`, `unknown fields "a", "b"`},
		{`"maxItems": 1`, `[1, 2]`, `breaks the rule "maxItems" of the schema`},
		{`"anyOf": [{"type": "string"}]`, `1`, `want string, got number`},
		{`"$defs": {"s": {"type": "string"}}, "$ref": "#/$defs/s"`, `1`, `want string, got number`},
		{`"not": {}`, `1`, `must not be here`},
		{`"minItems": 1`, `[]`, `want at least 1 in the list`},
	}
	for _, test := range tests {
		schema := must.Get(newSchema([]byte(`{"$id": "urn:x", `+test.rules+`}`), true))(t)
		found := schema.validate(decode(t, test.value))
		if len(found) != 1 || found[0].Message != test.want {
			t.Errorf("%s on %s: %q, want %q", test.rules, test.value, found, test.want)
		}
	}
}

func TestValidateIsSafeForConcurrentUse(t *testing.T) {
	dataset, _ := builtin(t).Dataset("entra.users")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if len(dataset.Validate(map[string]any{})) != 1 {
				t.Error("want one violation")
			}
		})
	}
	group.Wait()
}

const user = `{"id": "11111111-1111-4111-8111-111111111111", "userPrincipalName": "ada@contoso.example", "displayName": "Ada Lovelace",
	"accountEnabled": true, "userType": "Member", "onPremisesSyncEnabled": null, "mail": "ada@contoso.example",
	"assignedLicenses": [{"skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "disabledPlans": []}], "createdDateTime": "2024-02-29T10:11:12Z"}`

func BenchmarkValidate(b *testing.B) {
	for name, text := range map[string]string{"good": user, "enum": strings.Replace(user, "Member", "Alien", 1)} {
		b.Run(name, func(b *testing.B) {
			dataset, _ := builtin(b).Dataset("entra.users")
			value := decode(b, text)
			dataset.Validate(value)
			b.ReportAllocs()
			for b.Loop() {
				dataset.Validate(value)
			}
		})
	}
}

func BenchmarkBuiltin(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		builtin(b)
	}
}
