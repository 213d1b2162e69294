package engine_test

import (
	"fmt"
	"testing"

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
		expect.Equalf(t, want, keysOf(a.Failing), "%d workers, blocks of %d", options.Workers, options.BlockSize())
		if got := *a.Coverage; got.Compliant != people || got.InScope != got.Records || got.InScope != people+int64(len(want)) {
			t.Errorf("%d workers, blocks of %d: coverage is %+v", options.Workers, options.BlockSize(), got)
		}
	}
}
