package check

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// TestFields shows which accesses to unknown fields are found behind functions, and which are not reported.
func TestFields(t *testing.T) {
	const person, policy = `Its fields are: "displayName", "manager".`, `Its fields are: "conditions", "id", "state".`
	tests := map[string]struct {
		rule, shared string
		want         []string // without the fields of a record
	}{
		"argument": {
			`compliant if roles.active(input.roles)`, `active(roles) if roles[_].sate == "active"`,
			[]string{`lib/roles.rego:3:27: Unknown field "sate": input.roles[_] has no field "sate". Did you mean "state"? Its fields are: "state". It is read there for policies.entra.mfa.`},
		},
		"two functions": {
			`compliant if roles.any_active(input.roles)`, "any_active(list) if {\n\tsome role in list\n\tactive(role)\n}\n\nactive(role) if role.sate == \"active\"",
			[]string{`lib/roles.rego:8:22: Unknown field "sate": input.roles[_] has no field "sate". Did you mean "state"? Its fields are: "state". It is read there for policies.entra.mfa.`},
		},
		"record":        {`compliant if roles.enabled(input)`, `enabled(user) if user.acountEnabled`, []string{`lib/roles.rego:3:23: Unknown field "acountEnabled"`}},
		"joined record": {`compliant if roles.mfa(input)`, `mfa(user) if user.registration.isMfaRegisterd`, []string{`lib/roles.rego:3:32: Unknown field "isMfaRegisterd"`}},
		"document": {
			`compliant if roles.on(data.evidence.entra.conditional_access_policies)`, `on(policies) if {
	some policy in policies
	policy.stat == "enabled"
}`,
			[]string{`lib/roles.rego:5:9: Unknown field "stat": data.evidence.entra.conditional_access_policies[_] has no field "stat". Did you mean "state"? ` + policy + ` It is read there for policies.entra.mfa.`},
		},
		"nested, nullable": {
			`compliant if roles.all(data.evidence.entra.conditional_access_policies)`, `all(policies) if "All" in policies[_].conditions.users.includedUsers`,
			[]string{`lib/roles.rego:3:56: Unknown field "includedUsers": data.evidence.entra.conditional_access_policies[_].conditions.users has no field "includedUsers". Did you mean "includeUsers"? Its fields are: "includeUsers". It is read there for policies.entra.mfa.`},
		},
		"circular": {
			`compliant if roles.named(input.manager)`, `named(person) if person.manager.manager.name == "x"`,
			[]string{`lib/roles.rego:3:41: Unknown field "name": input.manager.manager.manager has no field "name". Did you mean "displayName"? ` + person + ` It is read there for policies.entra.mfa.`},
		},
		"object.get":            {`compliant if roles.f(input)`, `f(user) if object.get(user, "acountEnabled", false)`, []string{`lib/roles.rego:3:30: Unknown field "acountEnabled"`}},
		"after use as a whole":  {`compliant if roles.f(input.manager)`, "f(p) if {\n\tp != {}\n\tp.name\n}", []string{`lib/roles.rego:5:4: Unknown field "name"`}},
		"field of a list":       {`compliant if roles.f(input)`, `f(user) if user.roles.state == "active"`, []string{`lib/roles.rego:3:23: Unknown field "state": input.roles is a list, which has no fields. Look at its elements: some element in input.roles. It is read there for policies.entra.mfa.`}},
		"field of a scalar":     {`compliant if roles.f(input)`, `f(user) if user.signIns.count > 1`, []string{`lib/roles.rego:3:25: Unknown field "count": input.signIns is a number, which has no fields. It is read there for policies.entra.mfa.`}},
		"concatenated lists":    {`compliant if roles.f(array.concat(input.roles, input.roles))`, `f(list) if list[_].sate`, []string{`lib/roles.rego:3:20: Unknown field "sate"`}},
		"filtered":              {`compliant if roles.f([r | some r in input.roles])`, `f(list) if list[_].sate`, []string{`lib/roles.rego:3:20: Unknown field "sate"`}},
		"through a made object": {`compliant if roles.f({"who": input.manager})`, `f(pair) if pair.who.name`, []string{`lib/roles.rego:3:21: Unknown field "name"`}},
		"returned":              {`compliant if roles.f(input)[_].sate == "active"`, `f(user) := user.roles`, []string{`entra/mfa.rego:3:32: Unknown field "sate"`}},
		"own function":          {"compliant if {\n\tf(input.manager)\n\troles.f(1)\n}\n\nf(p) if p.name", `f(_) := 1`, []string{`entra/mfa.rego:8:11: Unknown field "name"`}},

		"name passed":               {`compliant if roles.f(input, "acountEnabled")`, `f(user, name) if user[name] == true`, []string{`lib/roles.rego:3:18: Unknown field "acountEnabled"`}},
		"name passed twice":         {`compliant if roles.f(input, "acountEnabled")`, "f(user, name) if g(name, user)\n\ng(name, user) if is_string(user[name])", []string{`lib/roles.rego:5:28: Unknown field "acountEnabled"`}},
		"one of the names passed":   {`compliant if { roles.f(input, "accountEnabled"); roles.f(input, "acountEnabled") }`, `f(user, name) if user[name] == true`, []string{`lib/roles.rego:3:18: Unknown field "acountEnabled"`}},
		"names passed":              {`compliant if { roles.f(input, "accountEnabled"); roles.f(input.manager, "displayName") }`, `f(x, name) if x[name]`, nil},
		"name passed, or computed":  {`compliant if { roles.f(input.manager, "nam"); roles.f(input.manager, lower("DisplayName")) }`, `f(x, name) if x[name]`, nil},
		"known fields":              {`compliant if roles.f(input)`, `f(user) if user.roles[_].state == "active"`, nil},
		"whole":                     {`compliant if roles.f(input)`, `f(user) if sprintf("%v", [user]) != ""`, nil},
		"map":                       {`compliant if roles.f(input.labels)`, `f(labels) if labels.anything`, nil},
		"unknown value":             {`compliant if roles.f(json.unmarshal("{}"))`, `f(x) if x.y`, nil},
		"key that is computed":      {`compliant if roles.f(input.labels, "x")`, `f(labels, x) if labels[x]`, nil},
		"one of two":                {`compliant if { roles.f(input); roles.f(input.manager) }`, `f(x) if x.displayName`, nil},
		"field of a made object":    {`compliant if roles.f({"who": input.manager})`, `f(pair) if pair.who`, nil},
		"made or read":              {`compliant if { roles.f(input.manager); roles.f({"name": "x"}) }`, `f(x) if x.name`, nil},
		"made by a comprehension":   {`compliant if roles.f({r.state: r | some r in input.roles})`, `f(x) if x.active.state`, nil},
		"part of a merged object":   {`compliant if roles.f(object.union(input.manager, {"name": "x"}))`, `f(x) if x.name`, nil},
		"function that nobody uses": {`compliant if roles.f(1)`, "f(_) := 1\n\ng(x) if x.y", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			modules := []Module{control(t, "import data.policies.lib.roles\n\n"+test.rule), lib(test.shared)}
			modules[0].Source = []byte(strings.Replace(string(modules[0].Source), "mfa\n\nimport", "mfa\nimport", 1))
			modules[0].Source = []byte(strings.Replace(string(modules[0].Source), "roles\n\n", "roles\n", 1))
			set, problems := Compile(t.Context(), modules)
			if len(problems) > 0 {
				t.Fatal(texts(problems))
			}
			found, _ := set.Fields(t.Context(), modules)
			got := texts(found)
			for i := range got {
				if i < len(test.want) && len(test.want[i]) < len(got[i]) && strings.HasPrefix(got[i], test.want[i]+": ") {
					got[i] = test.want[i] // the rest is shown elsewhere
				}
			}
			if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestFieldsOfSharedModules: a field that object.get reads need not be there for each control, but for one of them.
func TestFieldsOfSharedModules(t *testing.T) {
	shared := lib("f(x) if object.get(x, \"displayName\", \"\") != \"\"\n\ng(x) if object.get(x, \"diplayName\", \"\") != \"\"")
	user, manager := control(t, ""), control(t, "")
	manager.Path, manager.Package = "entra/manager.rego", "policies.entra.manager"
	text := func(pkg, arg string) []byte {
		return []byte("package " + pkg + "\n\nimport data.policies.lib.roles\n\ncompliant if {\n\troles.f(" + arg + ")\n\troles.g(" + arg + ")\n}\n")
	}
	user.Source, manager.Source = text(user.Package, "input"), text(manager.Package, "input.manager")
	modules := []Module{user, manager, shared}
	set, problems := Compile(t.Context(), modules)
	if len(problems) > 0 {
		t.Fatal(texts(problems))
	}
	found, reads := set.Fields(t.Context(), modules)
	if len(found) != 1 || found[0].Row != 5 || !strings.HasSuffix(found[0].Detail, "It is read there for policies.entra.manager and 1 more.") {
		t.Errorf("found %v, want diplayName alone", texts(found))
	}
	if got := reads[manager.Package].Input.String(); got != "{manager{diplayName* displayName*}}" {
		t.Errorf("the rules read %s of the input", got)
	}
}
