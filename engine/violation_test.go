package engine_test

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
)

// TestViolations holds that a violation of a schema affects the controls that read the field, a part of it
// or a value that contains it, and is a warning in any case.
func TestViolations(t *testing.T) {
	t.Parallel()
	const document = "setting {}\ncontext = [\"sharepoint.settings\"]\n"
	const records = "setting {}\ncontext = [\"entra.conditional_access_policies\"]\n"
	const population = "coverage \"entra.users\" {\nwhen_empty = \"full\"\njoin \"registration\" {\ndataset = \"entra.user_registration\"\n}\n}\n"
	idle := "default compliant := false\ncompliant if data.evidence.sharepoint.settings.idleSessionSignOut.isEnabled == true\n"
	names := "default compliant := false\ncompliant if count([p | some p in data.evidence.entra.conditional_access_policies; p.state == \"enabled\"]) > 0\n"
	enabled := "default compliant := false\ncompliant if input.accountEnabled == true\n"
	policy := func(fields object) list {
		all := object{"id": "00000000-0000-0000-0000-000000000001", "state": "enabled", "conditions": object{}}
		for name, value := range fields {
			all[name] = value
		}
		return list{all}
	}
	user := func(fields object) list {
		one := users("u1")[0].(object)
		for name, value := range fields {
			one[name] = value
		}
		return list{one}
	}
	const broken = "the record is not what its schema says, or can't be joined (1 of 1)"
	for _, test := range []struct {
		name string
		hcl  string
		rego string
		data data
		want string
	}{
		{"beside", document, idle, data{"sharepoint.settings": object{"idleSessionSignOut": object{"isEnabled": true, "warnAfterInSeconds": "soon"}, "isLoopEnabled": "no"}}, "complete 10"},
		{"at", document, idle, data{"sharepoint.settings": object{"idleSessionSignOut": object{"isEnabled": 1}}}, "error 0; sharepoint.settings is not what its schema says: record 1, /idleSessionSignOut/isEnabled: want boolean or null, got number"},
		{"above", document, idle, data{"sharepoint.settings": object{"idleSessionSignOut": "x"}}, "error 0; sharepoint.settings is not what its schema says: record 1, /idleSessionSignOut: want object or null, got string"},
		{
			"within what is read whole", document, "default compliant := false\ncompliant if sprintf(\"%v\", [data.evidence.sharepoint.settings.idleSessionSignOut]) != \"x\"\n",
			data{"sharepoint.settings": object{"idleSessionSignOut": object{"isEnabled": true, "warnAfterInSeconds": "soon"}}},
			"error 0; sharepoint.settings is not what its schema says: record 1, /idleSessionSignOut/warnAfterInSeconds: want integer or null, got string",
		},
		{"in a list, beside", records, names, data{"entra.conditional_access_policies": policy(object{"displayName": 7})}, "complete 10"},
		{"in a list, missing and not read", records, "default compliant := false\ncompliant if data.evidence.entra.conditional_access_policies[_].displayName == \"x\"", data{"entra.conditional_access_policies": list{object{"displayName": "x"}}}, "complete 10"},
		{
			"in a list, missing", records, names,
			data{"entra.conditional_access_policies": list{object{"id": "00000000-0000-0000-0000-000000000001", "conditions": object{}}}},
			"no_evidence 0; entra.conditional_access_policies has no field state in 1 of 1 records",
		},
		{
			"in a list, missing, though it complies", records, "default compliant := false\ncompliant if every p in data.evidence.entra.conditional_access_policies { not p.state == \"enabled\" }",
			data{"entra.conditional_access_policies": list{object{"id": "00000000-0000-0000-0000-000000000001", "conditions": object{}}}},
			"no_evidence 0; entra.conditional_access_policies has no field state in 1 of 1 records",
		},
		{"of a record, beside", population, enabled, data{"entra.users": user(object{"displayName": 7}), "entra.user_registration": list{}}, "complete 10 1/1/1 []"},
		{"of a record, at", population, enabled, data{"entra.users": user(object{"accountEnabled": "yes"}), "entra.user_registration": list{}}, "not_met 0 0/1/1 [u1]; " + broken},
		{"of a record, missing and not read", population, "default compliant := false\ncompliant if input.accountEnabled == true", data{"entra.users": list{object{"id": "u1", "accountEnabled": true}}, "entra.user_registration": list{}}, "complete 10 1/1/1 []"},
		{
			"of a joined record, beside", population, "default compliant := false\ncompliant if input.registration.isMfaRegistered == true",
			data{"entra.users": user(nil), "entra.user_registration": list{object{"id": "u1", "isMfaRegistered": true, "isMfaCapable": "yes"}}},
			"complete 10 1/1/1 []",
		},
		{
			"of a joined record, at", population, "default compliant := false\ncompliant if input.registration.isMfaRegistered == true",
			data{"entra.users": user(nil), "entra.user_registration": list{object{"id": "u1", "isMfaRegistered": "yes"}}},
			"not_met 0 0/1/1 [u1]; " + broken,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			catalog := load(t, test.hcl, test.rego)
			for _, topdown := range []bool{false, true} {
				a := assess(t, catalog, bundle(t, test.data), engine.Options{Interpreter: topdown}, engine.AssessOptions{})
				expect.Equalf(t, test.want, brief(a.Actions[0]), "topdown %v", topdown)
				if len(a.Evidence.Warnings) == 0 || !strings.Contains(strings.Join(a.Evidence.Warnings, "\n"), "record 1") {
					t.Errorf("the warnings don't tell of it: %q", a.Evidence.Warnings)
				}
			}
		})
	}
}
