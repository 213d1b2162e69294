package engine_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/schemas"
)

// TestAnyCase holds that the case of texts that compare without case makes no difference to an assessment,
// in evidence and in exclusions: only the keys of records are reported as the evidence writes them.
func TestAnyCase(t *testing.T) {
	t.Parallel()
	for name, b := range tenants(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(7, uint64(len(name))))
			cat := builtin(t)
			settings := engine.AssessOptions{Decisions: exclusions(assess(t, cat, b, engine.Options{}, engine.AssessOptions{}))}
			want := caseless(t, cat, assess(t, cat, b, engine.Options{MaxFailing: -1}, settings))
			ways := []engine.Options{{}, engine.Options{Workers: 2, DisableMemo: true}.WithBlockSize(3000)}
			if name == "contoso" {
				ways = append(ways, engine.Options{Interpreter: true}) // many times slower
			}
			for _, options := range ways {
				recased := bundle(t, recase(t, b, random))
				for _, decision := range settings.Decisions {
					for i := range decision.Exclude {
						decision.Exclude[i].Key = otherCase(decision.Exclude[i].Key, random)
					}
				}
				options.MaxFailing = -1
				got := caseless(t, cat, assess(t, cat, recased, options, settings))
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%+v (-as written +in another case):\n%s", options, diff)
				}
			}
		})
	}
}

// exclusions leaves the first record that fails out of each control.
func exclusions(a *engine.Assessment) map[string]engine.Decision {
	decisions := map[string]engine.Decision{}
	for _, action := range a.Actions {
		if action.Failing != nil && len(action.Failing.Shown) > 1 {
			decisions[action.ID] = engine.Decision{Exclude: []engine.Exclusion{{Key: action.Failing.Shown[0].Key, Reason: "a test"}}}
		}
	}
	return decisions
}

// caseless is what an assessment says, apart from how keys are written.
func caseless(t *testing.T, cat *catalog.Catalog, a *engine.Assessment) []string {
	t.Helper()
	var said []string
	for _, action := range a.Actions {
		control, _ := cat.Control(action.ID)
		if control.Coverage != nil && action.Failing != nil {
			dataset, _ := cat.Datasets().Dataset(control.Coverage.Dataset)
			for i := range action.Failing.Shown {
				action.Failing.Shown[i].Key = dataset.KeyFold().String(action.Failing.Shown[i].Key)
			}
			slices.SortFunc(action.Failing.Shown, func(a, b engine.Record) int { return strings.Compare(a.Key, b.Key) })
		}
		text := fmt.Sprintf("%s %s %s", action.ID, action.Status, brief(action))
		if action.Excluded != nil {
			text += fmt.Sprintf(" excluded %d", action.Excluded.Total)
		}
		said = append(said, text)
	}
	for _, warning := range a.Evidence.Warnings {
		said = append(said, strings.ToLower(warning)) // they name records
	}
	return said
}

// recase writes everything that compares without case in some other case.
func recase(t *testing.T, b *evidence.Bundle, random *rand.Rand) data {
	t.Helper()
	registry := must.Get(schemas.Builtin())(t)
	recased := data{}
	for _, listed := range b.Manifest().Datasets {
		if listed.Status != evidence.Collected {
			recased[listed.Name] = fmt.Errorf("%s", listed.Reason)
			continue
		}
		dataset, known := registry.Dataset(listed.Name)
		if !known {
			t.Fatalf("no dataset %s", listed.Name)
		}
		all := list{}
		for record, err := range b.Records(t.Context(), listed.Name) {
			must.Do(t, err)
			decoded := must.Get(records.Decode(record.JSON, records.Limits{}))(t)
			all = append(all, recaseValue(dataset.Fold(), decoded, random))
		}
		if recased[listed.Name] = all; dataset.Kind == schemas.Document {
			recased[listed.Name] = all[0]
		}
	}
	return recased
}

func recaseValue(fold *schemas.Fold, value any, random *rand.Rand) any {
	switch value := value.(type) {
	case string:
		if other := otherCase(value, random); fold.String(other) == fold.String(value) {
			return other
		}
	case list:
		recased := make(list, len(value))
		for i, element := range value {
			recased[i] = recaseValue(fold.Elements(), element, random)
		}
		return recased
	case object:
		recased := object{}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			recased[name] = recaseValue(fold.Field(name), value[name], random)
		}
		return recased
	}
	return value
}

func otherCase(text string, random *rand.Rand) string {
	if random.IntN(4) == 0 {
		return strings.ToUpper(text)
	}
	return strings.Map(func(r rune) rune {
		if random.IntN(2) == 0 {
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, text)
}
