package engine_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
)

// unmatchedBlock is a control over users beside what they hold.
func unmatchedBlock(registration, roles string) string {
	return fmt.Sprintf(`
  coverage "entra.users" {
    when_empty = "full"
    join "registration" {
      dataset = "entra.user_registration"
      %s
    }
    join "roles" {
      dataset = "entra.role_assignments"
      on      = "principalId"
      many    = true
      %s
    }
  }
`, registration, roles)
}

// TestUnmatched holds that a joined record without a partner counts if the rule says so, and never complies.
func TestUnmatched(t *testing.T) {
	t.Parallel()
	const ignore = `unmatched = "ignore"`
	const (
		always  = "default compliant := true\n"
		holders = "default in_scope := false\nin_scope if count(input.roles) > 0\n"
		first   = "; entra.users has no record of it; entra.role_assignments does"
		other   = "; entra.users has no record of it; entra.user_registration does"
	)
	role := func(id, principal string) object {
		return object{"id": id, "principalId": principal, "roleDefinitionId": "r"}
	}
	roles := list{role("1", "z"), role("2", "a"), role("3", "Y"), role("4", "z")}
	registered := list{object{"id": "y", "isMfaRegistered": true}, object{"id": "A", "isMfaRegistered": true}, object{"id": "x", "isMfaRegistered": true}}
	for _, test := range []struct {
		name        string
		block, rego string
		users       list
		exclude     []engine.Exclusion
		want        string
	}{
		{"ignored", unmatchedBlock(ignore, ignore), always, users("a"), nil, "complete 10 1/1/1 []"},
		{
			"in the order of the joined dataset", unmatchedBlock(ignore, ""), always, users("a"), nil,
			"partial 3.33 1/3/3 [z y]" + first + " (2 of 3)",
		},
		{"not where everyone complies", unmatchedBlock(ignore, ""), always + "everyone := true\n", users("a"), nil, "complete 10 1/1/1 []"},
		{
			"once for several joins", unmatchedBlock("", ""), always, users("a"), nil,
			"partial 2.5 1/4/4 [z y x]" + first + " (2 of 4)" + other + " (1 of 4)",
		},
		{
			"with what is joined to it, ignored or not", unmatchedBlock(ignore, ""),
			always + "default in_scope := false\nin_scope if {\n\tcount(input.roles) == 1\n\tinput.registration.isMfaRegistered\n}\n", users("a"), nil,
			"partial 5 1/2/2 [y]" + first + " (1 of 2)",
		},
		{
			"out of scope", unmatchedBlock("", ""), always + "default in_scope := false\nin_scope if input.userType == \"Member\"\n", users("a"), nil,
			"complete 10 1/1/1 []",
		},
		{
			"nothing else is in scope", unmatchedBlock(ignore, ""), always + "default in_scope := false\nin_scope if {\n\tcount(input.roles) > 0\n\tnot input.userType\n}\n", users("b"), nil,
			"not_met 0 0/3/4 [z a y]" + first + " (3 of 3)",
		},
		{
			"excluded", unmatchedBlock(ignore, ""), always, users("a"),
			[]engine.Exclusion{{Key: "z"}, {Key: "a"}},
			"not_met 0 0/1/3 [y]" + first + " (1 of 1)",
		},
		{
			"its own reasons say nothing", unmatchedBlock(ignore, ""), holders + "default compliant := false\nreasons contains \"not enabled\"\n", users("a"), nil,
			"not_met 0 0/3/3 [a z y]" + first + " (2 of 3)" + "; not enabled (1 of 3)",
		},
		{
			"undefined", unmatchedBlock(ignore, ""), "default in_scope := true\ncompliant if input.accountEnabled\n", users("a"), nil,
			"error 0; z: compliant is undefined for this evidence; give it a default",
		},
		{
			"failing rule", unmatchedBlock(ignore, ""), "default compliant := false\ncompliant if to_number(input.id) == 7\n", users("7"), nil,
			`error 0; z: DIR/test/c.rego:4: to_number: strconv.ParseFloat: parsing "z": invalid syntax`,
		},
		{
			"read as a whole", unmatchedBlock(ignore, ""), always + "default in_scope := false\nin_scope if object.keys(input) == {\"id\", \"roles\"}\n", users("a"), nil,
			"not_met 0 0/1/2 [z]" + first + " (1 of 1)",
		},
		{
			"a match on what it lacks", strings.Replace(unmatchedBlock("", ""), "when_empty", "match = { userType = \"Member\" }\n    when_empty", 1), always, users("a"), nil,
			"complete 10 1/1/1 []",
		},
	} {
		for _, options := range ways() {
			t.Run(test.name+", "+wayName(options), func(t *testing.T) {
				b := bundle(t, data{"entra.users": test.users, "entra.user_registration": registered, "entra.role_assignments": roles})
				var told []string
				a := assess(t, load(t, test.block, test.rego), b, options, engine.AssessOptions{
					Decisions: map[string]engine.Decision{"C": {Exclude: test.exclude}},
					Failures: func(f engine.Failure) error {
						told = append(told, f.Key)
						return nil
					},
				}).Actions[0]
				expect.Equal(t, test.want, withoutDir(brief(a)))
				if a.Failing != nil {
					if diff := cmp.Diff(a.Failing.Shown, told, cmpopts.EquateEmpty()); diff != "" {
						t.Errorf("failures (-shown +told):\n%s", diff)
					}
				}
			})
		}
	}
}

// TestUnmatchedAmongMany holds that exactly the keys that a large population lacks are unmatched, whichever
// worker reads them.
func TestUnmatchedAmongMany(t *testing.T) {
	t.Parallel()
	const people, strangers = 3000, 5000
	var all, roles list
	var want []string
	for i := range people {
		all = append(all, object{"id": fmt.Sprintf("u%d", i), "accountEnabled": i%2 == 0, "userType": "Member"})
	}
	for i := range strangers {
		name := fmt.Sprintf("u%d", (i*7919)%(people+strangers))
		roles = append(roles, object{"id": fmt.Sprint(i), "principalId": name, "roleDefinitionId": "r"})
		if (i*7919)%(people+strangers) >= people {
			want = append(want, name)
		}
	}
	b := bundle(t, data{"entra.users": all, "entra.user_registration": list{}, "entra.role_assignments": roles})
	catalog := load(t, unmatchedBlock("", ""), "default compliant := true\n")
	for _, options := range []engine.Options{{Workers: 1}, engine.Options{Workers: 2}.WithBlockSize(1 << 12), engine.Options{Workers: 8}.WithBlockSize(1000), engine.Options{Workers: 2, DisableMemo: true}.WithBlockSize(1 << 12)} {
		options.MaxFailing = -1
		a := assess(t, catalog, b, options, engine.AssessOptions{}).Actions[0]
		expect.Equalf(t, want, a.Failing.Shown, "%d workers, blocks of %d", options.Workers, options.BlockSize())
		if got := *a.Coverage; got.Compliant != people || got.InScope != got.Records || got.InScope != people+int64(len(want)) {
			t.Errorf("%d workers, blocks of %d: coverage is %+v", options.Workers, options.BlockSize(), got)
		}
	}
}
