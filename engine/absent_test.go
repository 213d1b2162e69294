package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
)

// sharing is the beginning of rules about settings that may be absent.
const sharing = `
default compliant := false
settings := data.evidence.sharepoint.settings
policies := data.evidence.teams.meeting_policies
`

// sharingCatalog is a catalog of a setting over a document and a list.
func sharingCatalog(t testing.TB, rule string) *catalog.Catalog {
	t.Helper()
	return load(t, "setting {}\ncontext = [\"sharepoint.settings\", \"teams.meeting_policies\"]\n", rule)
}

// TestAbsentInALargeExport holds that what is found out about absent fields is bounded, and errs to the safe side.
func TestAbsentInALargeExport(t *testing.T) {
	t.Parallel()
	cat := sharingCatalog(t, sharing+"compliant if {\n\tevery p in policies { p.allowAnonymousUsersToStartMeeting == false }\n\tevery p in policies { p.allowPSTNUsersToBypassLobby == false }\n}")
	many := list{}
	for i := range 3000 {
		many = append(many, object{"identity": fmt.Sprint("p", i), "allowPSTNUsersToBypassLobby": true})
	}
	a := assess(t, cat, bundle(t, data{"sharepoint.settings": object{}, "teams.meeting_policies": many}), engine.Options{}, engine.AssessOptions{}).Actions[0]
	if a.Outcome != engine.NoEvidence || len(a.Absent) == 0 {
		t.Errorf("got %s", brief(a))
	}
}

// TestAbsentAgrees invents rules and settings, and holds that no value of what is absent earns more
// where the control is not met, and that one does where it lacks evidence.
func TestAbsentAgrees(t *testing.T) {
	t.Parallel()
	fields := []string{"isLegacyAuthProtocolsEnabled", "isResharingByExternalUsersEnabled", "isUnmanagedSyncAppForTenantRestricted"}
	outcomes := map[engine.Outcome]int{}
	for seed := range uint64(120) {
		random := rand.New(rand.NewPCG(seed, 3))
		cat := sharingCatalog(t, sharing+inventedRule(random, fields))
		settings := object{}
		var absent []string
		for _, field := range fields {
			if random.IntN(2) == 0 {
				absent = append(absent, field)
			} else {
				settings[field] = random.IntN(2) == 0
			}
		}
		got := settled(t, cat, settings)
		outcomes[got]++
		better := false
		for filled := range fillings(settings, absent) {
			better = better || settled(t, cat, filled) == engine.Complete
		}
		if got == engine.NotMet && better || got == engine.NoEvidence && !better {
			t.Fatalf("seed %d: %s, with some value complete: %v", seed, got, better)
		}
	}
	if outcomes[engine.NotMet] < 10 || outcomes[engine.NoEvidence] < 10 {
		t.Errorf("%v is too little to compare", outcomes)
	}
}

func settled(t *testing.T, cat *catalog.Catalog, settings object) engine.Outcome {
	t.Helper()
	b := bundle(t, data{"sharepoint.settings": settings, "teams.meeting_policies": list{object{"identity": "Global"}}})
	return assess(t, cat, b, engine.Options{}, engine.AssessOptions{}).Actions[0].Outcome
}

// inventedRule is compliant by some of the fields, in any way that can be put into words.
func inventedRule(random *rand.Rand, fields []string) string {
	var b strings.Builder
	for range 1 + random.IntN(2) {
		b.WriteString("compliant if {\n")
		for range 1 + random.IntN(3) {
			field := fields[random.IntN(len(fields))]
			fmt.Fprintf(&b, []string{
				"\tsettings.%s == true\n", "\tsettings.%s == false\n", "\tnot settings.%s == true\n", "\tsettings.%s in {true}\n",
				"\tcount([x | x := settings.%s; x == true]) == 0\n",
			}[random.IntN(5)], field)
		}
		b.WriteString("}\n\n")
	}
	return b.String()
}

// fillings are the settings with every combination of values in the absent fields.
func fillings(settings object, absent []string) func(func(object) bool) {
	return func(yield func(object) bool) {
		values := []any{true, false, nil}
		for n := range pow(len(values), len(absent)) {
			filled := object{}
			for name, value := range settings {
				filled[name] = value
			}
			for _, name := range absent {
				filled[name] = values[n%len(values)]
				n /= len(values)
			}
			if !yield(filled) {
				return
			}
		}
	}
}

func pow(base, exponent int) int {
	n := 1
	for range exponent {
		n *= base
	}
	return n
}
