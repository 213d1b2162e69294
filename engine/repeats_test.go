package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
)

// ways are how the same work may be divided.
func ways() []engine.Options {
	return []engine.Options{{}, {Interpreter: true, Workers: 1, DisableMemo: true}, engine.Options{Workers: 3}.WithBlockSize(64), {DisableMemo: true}}
}

// wayName is short enough for the name of a folder.
func wayName(o engine.Options) string {
	return fmt.Sprintf("topdown %v, %d workers, memo off %v", o.Interpreter, o.Workers, o.DisableMemo)
}

// TestRepeats holds that records which say the same count once, and that those which have the same key
// and differ count once and fail.
func TestRepeats(t *testing.T) {
	t.Parallel()
	const rule = "default compliant := false\n\ncompliant if input.accountEnabled\n\ndefault in_scope := true\n\nin_scope := false if input.userType == \"Guest\"\n"
	user := func(id string, enabled any, userType string) object {
		return object{"id": id, "accountEnabled": enabled, "userType": userType}
	}
	a, b, guest := user("a", true, "Member"), user("b", false, "Member"), user("g", true, "Guest")
	const plain = "coverage \"entra.users\" {\nwhen_empty = \"full\"\n}"
	matched := "coverage \"entra.users\" {\nwhen_empty = \"full\"\nmatch = { userType = \"Member\" }\n}"
	sameWarning := func(n, key string) string {
		return "entra.users: " + n + " another one with the same id (such as " + key + "): they count once"
	}
	differWarning := func(n, key string) string {
		return "entra.users: different records have the same id in " + n + " (such as " + key + "): they count once and never comply"
	}
	for _, test := range []struct {
		name     string
		block    string
		users    list
		exclude  []engine.Exclusion
		want     string
		warnings []string
	}{
		{"none", plain, list{a, b}, nil, "partial 5 1/2/2 [b]", nil},
		{"the same", plain, list{a, b, a, a}, nil, "partial 5 1/2/2 [b]", []string{sameWarning("2 records repeat", `"a"`)}},
		{"the same that fail", plain, list{b, a, b}, nil, "partial 5 1/2/2 [b]", []string{sameWarning("1 record repeats", `"b"`)}},
		{"in the place of the first", plain, list{a, user("z", false, "Member"), b, user("y", false, "Member"), b}, nil, "partial 2.5 1/4/4 [z b y]", []string{sameWarning("1 record repeats", `"b"`)}},
		{
			"different", plain,
			list{a, user("B", true, "Member"), b},
			nil,
			"partial 5 1/2/2 [B]; 2 different records have this key (1 of 2)",
			[]string{differWarning("1 case", `"b"`)},
		},
		{
			"different, and again", plain,
			list{a, user("a", false, "Member"), a, user("a", nil, "Member"), user("c", true, "Member")},
			nil,
			"partial 5 1/2/2 [a]; 3 different records have this key (1 of 2)",
			[]string{sameWarning("1 record repeats", `"a"`), differWarning("1 case", `"a"`)},
		},
		{
			"different, one of them out of scope", plain,
			list{guest, user("g", true, "Member"), a},
			nil,
			"partial 5 1/2/2 [g]; 2 different records have this key (1 of 2)",
			[]string{differWarning("1 case", `"g"`)},
		},
		{
			"different, one of them not concerned", matched,
			list{guest, user("g", true, "Member"), a},
			nil,
			"partial 5 1/2/2 [g]; 2 different records have this key (1 of 2)",
			[]string{differWarning("1 case", `"g"`)},
		},
		{"different and excluded", plain, list{user("b", true, "Member"), b, a}, []engine.Exclusion{{Key: "b"}}, "complete 10 1/1/2 []", []string{differWarning("1 case", `"b"`)}},
		{
			"without a key", plain,
			list{object{"accountEnabled": true, "userType": "Member"}, object{"accountEnabled": true, "userType": "Member"}, a},
			nil,
			"partial 3.33 1/3/3 [record 1 record 2]; the record is not what its schema says, or can't be joined (2 of 3)",
			[]string{
				`entra.users: record 1, the whole record: missing field "id"`, `entra.users: record 2, the whole record: missing field "id"`,
			},
		},
	} {
		for _, options := range ways() {
			t.Run(test.name+", "+wayName(options), func(t *testing.T) {
				var told []string
				whole := assess(t, load(t, test.block, rule), bundle(t, data{"entra.users": test.users}), options, engine.AssessOptions{
					Decisions: map[string]engine.Decision{"C": {Exclude: test.exclude}},
					Failures: func(f engine.Failure) error {
						told = append(told, f.Key)
						return nil
					},
				})
				action := whole.Actions[0]
				expect.Equal(t, test.want, brief(action))
				expect.Equalf(t, test.warnings, whole.Evidence.Warnings, "warnings")
				if !slices.Equal(action.Failing.Shown, told) {
					t.Errorf("%v fail, and %v are told", action.Failing.Shown, told)
				}
			})
		}
	}
}

// TestRepeatsBeside holds the same of records that are joined or read whole.
func TestRepeatsBeside(t *testing.T) {
	t.Parallel()
	block := `
  coverage "entra.users" {
    when_empty = "full"
    join "roles" {
      dataset = "entra.role_assignments"
      on      = "principalId"
      many    = true
    }
    join "registration" {
      dataset = "entra.user_registration"
    }
  }
  context = ["entra.domains"]
`
	const rule = "default compliant := false\n\ncompliant if {\n\tcount(input.roles) == 1\n\tinput.registration.isMfaCapable\n\tcount(data.evidence.entra.domains) == 1\n}\n"
	role := object{"id": "1", "principalId": "a", "roleDefinitionId": "r"}
	other := object{"id": "1", "principalId": "a", "roleDefinitionId": "s"}
	capable, not := object{"id": "a", "isMfaCapable": true}, object{"id": "a", "isMfaCapable": false}
	domain := object{"id": "contoso.example"}
	const doubtful = "not_met 0 0/1/1 [a]; the record is not what its schema says, or can't be joined (1 of 1)"
	for _, test := range []struct {
		name                    string
		roles, capable, domains list
		want                    string
	}{
		{"once", list{role}, list{capable}, list{domain}, "complete 10 1/1/1 []"},
		{"the same", list{role, role}, list{capable, capable, capable}, list{domain, domain}, "complete 10 1/1/1 []"},
		{"different ones of many", list{role, other}, list{capable}, list{domain}, doubtful},
		{"different ones of one", list{role}, list{capable, not}, list{domain}, doubtful},
		{"different ones of a list are all there", list{role}, list{capable}, list{domain, object{"id": "contoso.example", "isVerified": true}}, "not_met 0 0/1/1 [a]"},
	} {
		for _, options := range ways() {
			t.Run(test.name+", "+wayName(options), func(t *testing.T) {
				b := bundle(t, data{"entra.users": users("a"), "entra.role_assignments": test.roles, "entra.user_registration": test.capable, "entra.domains": test.domains})
				a := assess(t, load(t, block, rule), b, options, engine.AssessOptions{})
				expect.Equal(t, test.want, brief(a.Actions[0]))
				for name, records := range map[string]list{"entra.role_assignments": test.roles, "entra.user_registration": test.capable, "entra.domains": test.domains} {
					warned := slices.ContainsFunc(a.Evidence.Warnings, func(w string) bool { return strings.HasPrefix(w, name+": ") })
					if warned != (len(records) > 1) {
						t.Errorf("%d records of %s, warnings are %q", len(records), name, a.Evidence.Warnings)
					}
				}
			})
		}
	}
}

// TestRepeatsAmongMany holds that repeating records changes no count and no order, however the work is divided.
func TestRepeatsAmongMany(t *testing.T) {
	t.Parallel()
	catalog := load(t, "coverage \"entra.users\" {\nwhen_empty = \"full\"\n}", "default compliant := false\n\ncompliant if input.accountEnabled\n\nreasons contains \"disabled\" if not input.accountEnabled\n")
	var people list
	for i := range 3000 {
		people = append(people, object{"id": fmt.Sprintf("u%d", i), "accountEnabled": i%3 != 0, "userType": "Member"})
	}
	// A copy comes anywhere after its original: the order of the first ones stays.
	random := rand.New(rand.NewPCG(5, 6))
	repeated := slices.Clone(people)
	for range 2000 {
		i := random.IntN(len(people))
		at := slices.IndexFunc(repeated, func(r any) bool { return r.(object)["id"] == people[i].(object)["id"] })
		repeated = slices.Insert(repeated, at+1+random.IntN(len(repeated)-at), any(maps.Clone(people[i].(object))))
	}
	want := assess(t, catalog, bundle(t, data{"entra.users": people}), engine.Options{MaxFailing: -1}, engine.AssessOptions{}).Actions
	b := bundle(t, data{"entra.users": repeated})
	for _, options := range []engine.Options{{Workers: 1}, engine.Options{Workers: 2}.WithBlockSize(1 << 12), engine.Options{Workers: 8}.WithBlockSize(1000)} {
		options.MaxFailing = -1
		if diff := cmp.Diff(want, assess(t, catalog, b, options, engine.AssessOptions{}).Actions); diff != "" {
			t.Errorf("%d workers, blocks of %d (-once +repeated):\n%s", options.Workers, options.BlockSize(), diff)
		}
	}
}
