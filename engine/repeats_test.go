package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
)

// ways are how the same work may be divided.
func ways() []engine.Options {
	return []engine.Options{{}, {Interpreter: true, Workers: 1, DisableMemo: true}, engine.Options{Workers: 3}.WithBlockSize(64), {DisableMemo: true}}
}

// wayName is short enough for the name of a folder.
func wayName(o engine.Options) string {
	return fmt.Sprintf("topdown %v, %d workers, memo off %v", o.Interpreter, o.Workers, o.DisableMemo)
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
