package catalog_test

import (
	"io/fs"
	"maps"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/policies"
	"github.com/posture-score/posture/schemas"
)

// TestUnused says what a control declares in vain, and which rules have no effect.
func TestUnused(t *testing.T) {
	const hcl = `control "Guests" {
  title    = "Guests have a sponsor"
  category = "identity"
  product  = "entra_id"
  points   = 5
  tier     = "core"
  threats  = []
  source   = "Invented for tests"
  coverage "entra.users" {
    when_empty = "full"
    join "registration" {
      dataset = "entra.user_registration"
    }
  }
  context = ["entra.security_defaults"]
  parameter "days" {
    type    = number
    default = 1
  }
  implementation {
    steps = ["Invite nobody."]
  }
}
`
	const rego = `package policies.entra.guests

default compliant := false

compliant if {
	f(input)
	data.evidence.entra.security_defaults.isEnabled == true
	count(input.displayName) > data.parameters.days
}

f(user) if user.registration.isMfaRegistered == true
`
	drop := func(text, part string) string {
		if !strings.Contains(text, part) {
			t.Fatalf("no %q", part)
		}
		return strings.Replace(text, part, "", 1)
	}
	tests := map[string]struct {
		hcl, rego string
		want      []string
	}{
		"nothing":   {hcl, rego, nil},
		"join":      {hcl, strings.Replace(rego, "user.registration.isMfaRegistered", "user.accountEnabled", 1), []string{"ours/entra/guests.hcl:11,5-24: Unused join"}},
		"context":   {hcl, drop(rego, "\tdata.evidence.entra.security_defaults.isEnabled == true\n"), []string{"ours/entra/guests.hcl:15,14-39: Unused context"}},
		"parameter": {hcl, drop(rego, " > data.parameters.days"), []string{"ours/entra/guests.hcl:16,3-19: Unused parameter"}},
		"parameter of fresh": {
			strings.Replace(hcl, `    when_empty = "full"`, "    when_empty = \"full\"\n    fresh {\n      field = \"createdDateTime\"\n      days  = \"days\"\n    }", 1),
			drop(rego, " > data.parameters.days"), nil,
		},
		"everything read": {hcl, strings.Replace(rego, "user.registration.isMfaRegistered == true", `sprintf("%v", [user]) != ""`, 1), nil},
		"misspelled decision": {hcl, rego + "\nin_scop if input.id == \"x\"\n\nevryone := true\n", []string{
			"ours/entra/guests.rego:13,1-8: Rule without effect", "ours/entra/guests.rego:15,1-8: Rule without effect",
		}},
		"rule that is used": {hcl, rego + "\nin_scopes if input.id == \"x\"\n\ndefault in_scope := false\n\nin_scope if in_scopes\n", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{
				"entra/guests.hcl": test.hcl, "entra/guests.rego": test.rego,
				"entra/guests_test.rego": "package policies.entra.guests_test\n\nimport data.policies.entra.guests\n\ntest_off if not guests.compliant with data.evidence as {}\n",
			}
			problems := must.Get(catalog.Check(t.Context(), mustLoad(t, source(t, "ours", maps.Clone(files)))))(t)
			var got []string
			if problems != nil {
				for _, d := range problems.Diagnostics {
					got = append(got, d.Subject.String()+": "+d.Summary)
				}
			}
			expect.Equal(t, test.want, got)
		})
	}
}

// TestSharedFields misspells a field of a document in shared Rego, which no rule of a control names itself.
func TestSharedFields(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"catalog.hcl", "entra/admin_mfa.hcl", "entra/admin_mfa.rego", "entra/admin_mfa_test.rego"} {
		files[name] = policy(t, name)
	}
	libs := must.Get(fs.Glob(policies.Files, "lib/*.rego"))(t)
	for _, name := range libs {
		files[name] = policy(t, name)
	}
	const library = "lib/conditional_access.rego"
	files[library] = strings.Replace(files[library], "policy.state", "policy.stat", 1)
	source := source(t, "ours", files)
	datasets := must.Get(schemas.Builtin())(t)
	cat := must.Get(catalog.Load(t.Context(), datasets, source))(t)
	text := printed(t, must.Get(catalog.Check(t.Context(), cat))(t))
	const want = `data.evidence.entra.conditional_access_policies[_] has no field "stat". Did you mean "state"?`
	if !strings.Contains(text, library) || !strings.Contains(text, want) || !strings.Contains(text, "for AdminMFAV2.") {
		t.Errorf("want %q, got\n%s", want, text)
	}
}

func policy(t *testing.T, name string) string {
	t.Helper()
	text := must.Get(fs.ReadFile(policies.Files, name))(t)
	return string(text)
}
