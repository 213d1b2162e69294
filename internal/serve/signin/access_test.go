package signin

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

func TestRole(t *testing.T) {
	for name, test := range map[string]struct {
		access Access
		who    claims
		want   Role
	}{
		"a role":                            {Access{Editors: []string{"e"}}, claims{"roles": []any{"x", "e"}}, Editor},
		"a single role":                     {Access{Readers: []string{"r"}}, claims{"roles": "r"}, Reader},
		"both":                              {Access{Readers: []string{"r"}, Editors: []string{"e"}}, claims{"roles": []any{"r", "e"}}, Editor},
		"none":                              {Access{Readers: []string{"r"}}, claims{}, ""},
		"of another case":                   {Access{Readers: []string{"r"}}, claims{"roles": "R"}, ""},
		"another claim":                     {Access{Claim: "groups", Readers: []string{"r"}}, claims{"roles": "r"}, ""},
		"a claim with dots":                 {Access{Claim: "https://a.example/roles", Readers: []string{"r"}}, claims{"https://a.example/roles": []any{"r"}}, Reader},
		"a claim in an object":              {Access{Claim: "realm_access.roles", Readers: []string{"r"}}, claims{"realm_access": map[string]any{"roles": []any{"r"}}}, Reader},
		"no object":                         {Access{Claim: "realm_access.roles", Readers: []string{"r"}}, claims{"realm_access": "r"}, ""},
		"a number":                          {Access{Readers: []string{"1"}}, claims{"roles": []any{1.0}}, ""},
		"an empty value":                    {Access{Readers: []string{"r"}}, claims{"roles": ""}, ""},
		"a mail":                            {Access{Editors: []string{"Ada@Contoso.example"}}, claims{"email": "ada@contoso.EXAMPLE", "email_verified": true}, Editor},
		"a mail, verified in words":         {Access{Editors: []string{"ada@contoso.example"}}, claims{"email": "ada@contoso.example", "email_verified": "true"}, Editor},
		"not verified":                      {Access{Editors: []string{"ada@contoso.example"}}, claims{"email": "ada@contoso.example", "email_verified": false}, ""},
		"nobody said so":                    {Access{Editors: []string{"ada@contoso.example"}}, claims{"email": "ada@contoso.example"}, ""},
		"a letter that folds to another":    {Access{Editors: []string{"kim@contoso.example"}}, claims{"email": "\u212aim@contoso.example", "email_verified": true}, ""},
		"a mail that is the name of a role": {Access{Editors: []string{"editors"}}, claims{"email": "editors", "email_verified": true}, ""},
	} {
		expect.Equalf(t, test.want, test.access.role(test.who), "%s", name)
	}
}

func TestName(t *testing.T) {
	for want, who := range map[string]claims{
		"ada@contoso.example":          {"email": "ada@contoso.example", "email_verified": true, "name": "Ada", "sub": "1"},
		"Ada (1)":                      {"email": "grace@contoso.example", "name": "Ada", "sub": "1"},
		"ada (1)":                      {"preferred_username": "ada", "name": "Ada", "sub": "1"},
		"1":                            {"name": "\u200b", "sub": "1"},
		"abc (1)":                      {"name": "a\u202eb\x1bc\n", "sub": "1"},
		strings.Repeat("é", 199) + "…": {"name": strings.Repeat("é", 500), "sub": "1"},
	} {
		expect.Equal(t, want, who.name())
	}
}

// FuzzFlow holds that a flow which the server did not make is none.
func FuzzFlow(f *testing.F) {
	gate := newGate(Options{Origin: origin(f)}, oidcLifetime)
	flows := newFlows(gate)
	f.Add("")
	f.Add("AAAA")
	f.Add(strings.Repeat("A", 300))
	f.Fuzz(func(t *testing.T, value string) {
		if made, ok := flows.open(value); ok {
			t.Fatalf("%q is %+v", value, made)
		}
	})
}
