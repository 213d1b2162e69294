package engine_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// verdicts assesses a bundle and returns its verdicts, too.
func verdicts(t testing.TB, e *engine.Engine, b *evidence.Bundle, options engine.AssessOptions) (*engine.Verdicts, *engine.Assessment) {
	t.Helper()
	options.Verdicts = &engine.Verdicts{}
	a := must.Get(e.Assess(t.Context(), b, options))(t)
	return options.Verdicts, a
}

// TestVerdictsAgree holds that verdicts say of a sample tenant what its assessment counts and names, however the work is divided.
func TestVerdictsAgree(t *testing.T) {
	t.Parallel()
	cat := builtin(t)
	b := must.Get(evidence.Open(t.Context(), filepath.Join("..", "testdata", "contoso"), evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	failing := map[string][]uint64{}
	options := engine.AssessOptions{
		Decisions: map[string]engine.Decision{"AdminMFAV2": {Exclude: []engine.Exclusion{{Key: "B062F694-2634-4b03-a459-6d8e29370693", Reason: "break glass"}}}},
		Failures: func(f engine.Failure) error {
			dataset, _ := cat.Datasets().Dataset(f.Dataset)
			failing[f.Control] = append(failing[f.Control], engine.KeyHash(f.Dataset, dataset.KeyFold().String(f.Key)))
			return nil
		},
	}
	v, a := verdicts(t, compiled(t, cat, engine.Options{}), b, options)
	without := 0
	for _, action := range a.Actions {
		counts, ok := v.Counts(action.ID)
		if action.Coverage == nil {
			if ok {
				t.Errorf("%s has verdicts, and was not assessed by records", action.ID)
			}
			continue
		}
		want := engine.VerdictCounts{InScope: action.Coverage.InScope, Failing: action.Failing.Total}
		if action.Excluded != nil {
			want.Excluded = action.Excluded.Total
		}
		expect.Equalf(t, want, counts, "%s", action.ID)
		var told []uint64
		if _, ok := (&engine.Verdicts{}).Changes(v, action.ID); ok {
			t.Errorf("%s is compared with nothing", action.ID)
		}
		changes, ok := v.Changes(v.Emptied(), action.ID)
		if !ok {
			t.Fatalf("%s is not compared", action.ID)
		}
		for change := range changes {
			if change.After.Failing {
				told = append(told, change.Key)
			}
		}
		slices.Sort(failing[action.ID])
		expect.Equalf(t, failing[action.ID], told, "failing keys of %s", action.ID)
		if without++; v.Keys(action.Population) == 0 {
			t.Errorf("%s has no keys", action.Population)
		}
	}
	expect.Equal(t, without, len(v.Controls()))
	want := must.Get(v.Encode(nil))(t)
	for _, divided := range []engine.Options{{Workers: 1}, engine.Options{Workers: 4}.WithBlockSize(1000)} {
		again, _ := verdicts(t, compiled(t, cat, divided), b, options)
		if got := must.Get(again.Encode(nil))(t); !slices.Equal(want, got) {
			t.Errorf("with %d workers the verdicts differ", divided.Workers)
		}
	}
}

const enabledUsers = `coverage "entra.users" {
	when_empty = "full"
}`

const readsEnabled = "default in_scope := false\n\nin_scope if input.userType == \"Member\"\n\ndefault compliant := false\n\ncompliant if input.accountEnabled\n"

// TestVerdictChanges tells apart who came, who left, and who is judged otherwise.
func TestVerdictChanges(t *testing.T) {
	t.Parallel()
	e := compiled(t, load(t, enabledUsers, readsEnabled), engine.Options{})
	user := func(id, kind string, enabled bool) object {
		return object{"id": id, "userType": kind, "accountEnabled": enabled}
	}
	before, _ := verdicts(t, e, bundle(t, data{"entra.users": list{
		user("stays", "Member", true), user("regresses", "Member", true), user("Improves", "Member", false), user("left", "Member", false),
		user("left guest", "Guest", true), user("becomes a member", "Guest", false), user("is let off", "Member", false),
	}}), engine.AssessOptions{})
	after, _ := verdicts(t, e, bundle(t, data{"entra.users": list{
		user("came", "Member", true), user("becomes a member", "Member", false), user("improves", "Member", true), user("is let off", "Member", false),
		user("stays", "Member", true), user("regresses", "Member", false),
	}}), engine.AssessOptions{Decisions: map[string]engine.Decision{"C": {Exclude: []engine.Exclusion{{Key: "Is Let Off", Reason: "r"}}}}})
	names := map[uint64]string{}
	for _, name := range []string{"came", "stays", "regresses", "improves", "left", "left guest", "becomes a member", "is let off"} {
		names[engine.KeyHash("entra.users", name)] = name
	}
	got := map[string]string{}
	say := func(v engine.RecordVerdict) string {
		switch {
		case !v.Present:
			return "absent"
		case v.Excluded:
			return "excluded"
		case v.Compliant():
			return "compliant"
		case v.Failing:
			return "failing"
		}
		return "out of scope"
	}
	changes, _ := after.Changes(before, "C")
	last := uint64(0)
	for change := range changes {
		got[names[change.Key]] = say(change.Before) + ", " + say(change.After)
		if change.Key <= last {
			t.Error("the changes are not in order")
		}
		last = change.Key
	}
	expect.Equal(t, map[string]string{
		"came": "absent, compliant", "regresses": "compliant, failing", "improves": "failing, compliant", "left": "failing, absent",
		"left guest": "out of scope, absent", "becomes a member": "out of scope, failing", "is let off": "failing, excluded",
	}, got)
	came, left, ok := after.Population(before, "C")
	gone := []uint64{engine.KeyHash("entra.users", "left"), engine.KeyHash("entra.users", "left guest")}
	slices.Sort(gone)
	if !ok || !slices.Equal(came, []uint64{engine.KeyHash("entra.users", "came")}) || !slices.Equal(left, gone) {
		t.Errorf("%v came, %v left", came, left)
	}
	counts, _ := after.Counts("C")
	expect.Equal(t, engine.VerdictCounts{InScope: 5, Failing: 2, Excluded: 1}, counts)
	same, _ := after.Changes(after, "C")
	for change := range same {
		t.Errorf("%v changed against itself", change)
	}
}

// someVerdicts returns verdicts of a random tenant, and what became of it.
func someVerdicts(t testing.TB, random *rand.Rand) (before, after *engine.Verdicts) {
	t.Helper()
	e := compiled(t, load(t, enabledUsers, readsEnabled), engine.Options{})
	made := func(share float64) *engine.Verdicts {
		people := list{}
		for i := range 300 {
			if random.Float64() < share {
				people = append(people, object{"id": fmt.Sprint("u", i), "userType": "Member", "accountEnabled": random.Float64() < share})
			}
		}
		random.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
		v, _ := verdicts(t, e, bundle(t, data{"entra.users": people}), engine.AssessOptions{})
		return v
	}
	return made(0.9), made(random.Float64())
}

func TestVerdictCode(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		before, after := someVerdicts(t, random)
		for _, earlier := range []*engine.Verdicts{nil, {}, before, after} {
			encoded := must.Get(after.Encode(earlier))(t)
			got := must.Get(engine.DecodeVerdicts(earlier, encoded))(t)
			if !slices.Equal(must.Get(got.Encode(nil))(t), must.Get(after.Encode(nil))(t)) {
				t.Fatal("decoded verdicts differ")
			}
			if earlier == after && len(encoded) > 100 {
				t.Errorf("no change takes %d bytes", len(encoded))
			}
			if _, err := engine.DecodeVerdicts(before, encoded); earlier != before && (err == nil || !strings.Contains(err.Error(), "give those of the entry before")) {
				t.Errorf("changes against others are applied: %v", err)
			}
			for i := range encoded {
				broken := slices.Clone(encoded)
				broken[i] ^= 1 << (i % 8)
				if wrong, err := engine.DecodeVerdicts(earlier, broken); err == nil && !slices.Equal(must.Get(wrong.Encode(nil))(t), must.Get(after.Encode(nil))(t)) {
					t.Fatalf("a changed byte %d is not seen", i)
				}
			}
		}
	}
}

// FuzzDecodeVerdicts holds that whatever is unpacked is refused, or encoded and decoded as it is.
func FuzzDecodeVerdicts(f *testing.F) {
	before, after := someVerdicts(f, rand.New(rand.NewPCG(3, 4)))
	for _, earlier := range []*engine.Verdicts{{}, before} {
		f.Add(engine.Unpacked(must.Get(after.Encode(earlier))(f)))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, earlier := range []*engine.Verdicts{{}, before} {
			v, err := engine.DecodeVerdicts(earlier, engine.Signed(text, earlier))
			if err != nil {
				continue
			}
			again := must.Get(engine.DecodeVerdicts(earlier, must.Get(v.Encode(earlier))(t)))(t)
			if !slices.Equal(must.Get(v.Encode(nil))(t), must.Get(again.Encode(nil))(t)) {
				t.Fatal("verdicts differ after a round trip")
			}
		}
	})
}

// TestVerdictsOfOddRecords holds that keys count once: those of records that repeat others or differ, and those that only a joined
// dataset has. A record without a key has no verdict, so that the counts say that something is not told.
func TestVerdictsOfOddRecords(t *testing.T) {
	t.Parallel()
	e := compiled(t, load(t, unmatchedBlock("", ""), "default compliant := true\n"), engine.Options{})
	user := func(id string, enabled bool) object {
		return object{"id": id, "userType": "Member", "accountEnabled": enabled}
	}
	b := bundle(t, data{
		"entra.users":             list{user("a", true), user("b", true), user("a", true), user("c", true), user("C", false)},
		"entra.user_registration": list{}, "entra.role_assignments": list{object{"id": "r", "principalId": "Gone", "roleDefinitionId": "d", "directoryScopeId": "/"}},
	})
	v, a := verdicts(t, e, b, engine.AssessOptions{})
	counts, _ := v.Counts("C")
	expect.Equal(t, engine.VerdictCounts{InScope: 4, Failing: 2}, counts)
	expect.Equal(t, engine.Coverage{Compliant: 2, InScope: 4, Records: 4}, *a.Actions[0].Coverage)
	failing := map[uint64]bool{}
	changes, _ := v.Changes(v.Emptied(), "C")
	for change := range changes {
		failing[change.Key] = change.After.Failing
	}
	expect.Equal(t, map[uint64]bool{
		engine.KeyHash("entra.users", "a"): false, engine.KeyHash("entra.users", "b"): false,
		engine.KeyHash("entra.users", "c"): true, engine.KeyHash("entra.users", "gone"): true,
	}, failing)

	keyless := compiled(t, load(t, enabledUsers, readsEnabled), engine.Options{})
	v, a = verdicts(t, keyless, bundle(t, data{"entra.users": list{user("a", true), object{"userType": "Member", "accountEnabled": true}}}), engine.AssessOptions{})
	counts, _ = v.Counts("C")
	expect.Equal(t, engine.VerdictCounts{InScope: 1}, counts)
	expect.Equal(t, int64(2), a.Actions[0].Coverage.InScope)
}

// TestVerdictsOfErrors holds that a control whose rule fails has no verdicts, while the others have theirs.
func TestVerdictsOfErrors(t *testing.T) {
	t.Parallel()
	fails := "default compliant := false\n\ncompliant if to_number(input.userType) > 0\n\ncompliant := 1 if input.accountEnabled\n"
	v, a := verdicts(t, compiled(t, load(t, enabledUsers, fails), engine.Options{}), bundle(t, data{"entra.users": users("a", "b")}), engine.AssessOptions{})
	if _, ok := v.Counts("C"); ok || a.Actions[0].Outcome != engine.Errored || len(v.Controls()) > 0 {
		t.Errorf("a control with the outcome %s has verdicts", a.Actions[0].Outcome)
	}
	expect.Equal(t, int64(2), v.Keys("entra.users"))
}
