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
	registry := builtin(t)
	for _, test := range cases(t, "validate") {
		t.Run(test[0], func(t *testing.T) {
			dataset, _ := registry.Dataset(test[1])
			expect.Equalf(t, test[3:], lines(dataset.Validate(decode(t, test[2]))), "violations")
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
	for _, test := range cases(t, "messages") {
		schema := must.Get(newSchema([]byte(`{"$id": "urn:x", `+test[0]+`}`), true))(t)
		found := schema.validate(decode(t, test[1]))
		if len(found) != 1 || found[0].Message != test[2] {
			t.Errorf("%s on %s: %q, want %q", test[0], test[1], found, test[2])
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
