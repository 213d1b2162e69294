package engine_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
)

// staged is a catalog of random controls, and the same with others that don't count: some look like
// those, some are of a category and a product of their own.
func staged(t *testing.T, seed uint64, stage catalog.Stage) *catalog.Catalog {
	t.Helper()
	files := assortedFiles(rand.New(rand.NewPCG(seed, 1)), 12)
	if stage != catalog.StageCurrent {
		more := assortedFiles(rand.New(rand.NewPCG(seed, 2)), 8)["test/c.hcl"]
		more = strings.ReplaceAll(more, "control \"C", "control \"A")
		more = strings.ReplaceAll(more, "  tier ", fmt.Sprintf("  stage = %q\n  tier ", stage))
		more = strings.Replace(strings.Replace(more, `product     = "one"`, `product     = "other"`, 1), `category    = "apps"`, `category    = "infrastructure"`, 1)
		files["test/c.hcl"] += more
		files["catalog.hcl"] += "product \"other\" {\n  title = \"Other\"\n}\n"
	}
	return loadFiles(t, files)
}

// TestStagesDoNotCount holds that controls which are previews or deprecated change nothing of a score,
// whatever the evidence shows and whatever was decided about them: no sum, no view, no part, no rank
// and no impact of another action.
func TestStagesDoNotCount(t *testing.T) {
	t.Parallel()
	people := []any{users("good1", "good2", "bad1"), users("good1"), users("bad1", "out1"), users("err"), list{}, errors.New("denied")}
	places := cmpopts.IgnoreFields(engine.Action{}, "Reasons") // an error names the folder of its catalog
	for seed := range uint64(20) {
		current := staged(t, seed, catalog.StageCurrent)
		for _, stage := range []catalog.Stage{catalog.StagePreview, catalog.StageDeprecated} {
			cat := staged(t, seed, stage)
			b := bundle(t, data{"entra.users": people[seed%uint64(len(people))], "entra.subscribed_skus": list{sku("s", "Enabled", 3, "HELD")}})
			settings := engine.AssessOptions{Decisions: randomDecisions(rand.New(rand.NewPCG(seed, 3)), cat)}
			with, without := assess(t, cat, b, engine.Options{}, settings), assess(t, current, b, engine.Options{}, settings)
			if diff := cmp.Diff(without.Score, with.Score); diff != "" {
				t.Errorf("controls that are %s change the score (-without +with):\n%s", stage, diff)
			}
			var counted []engine.Action
			for _, a := range with.Actions {
				if a.Stage == catalog.StageCurrent {
					counted = append(counted, a)
					continue
				}
				if a.Stage != engine.Preview || a.Counts() || a.Points != (engine.ActionPoints{}) || a.Rank != 0 || a.Impact != 0 {
					t.Errorf("%s counts for something: %+v", a.ID, a)
				}
			}
			if diff := cmp.Diff(without.Actions, counted, places); diff != "" {
				t.Errorf("controls that are %s change other actions (-without +with):\n%s", stage, diff)
			}
			if previews := len(with.Actions) - len(counted); (stage == engine.Preview) != (previews == 8) {
				t.Errorf("of 8 controls that are %s the assessment has %d", stage, previews)
			}
		}
	}
}

// TestPreviewIsEvaluated holds that a preview has an outcome as any other action.
func TestPreviewIsEvaluated(t *testing.T) {
	t.Parallel()
	cat := load(t, counted+"\n  stage = \"preview\"\n", countedRule)
	a := assess(t, cat, bundle(t, data{"entra.users": users("good1", "bad1")}), engine.Options{}, engine.AssessOptions{})
	if got := a.Actions[0]; got.Outcome != engine.Partial || got.Coverage.Compliant != 1 || len(got.Failing.Shown) != 1 {
		t.Errorf("the preview is %+v", got)
	}
	if a.Score.Total != 0 || len(a.Score.Products) != 0 || len(a.Score.Categories) != 0 {
		t.Errorf("the score is %+v", a.Score)
	}
}

// TestDeprecatedIsNotEvaluated: nothing is said of it but that a decision about it is unused.
func TestDeprecatedIsNotEvaluated(t *testing.T) {
	t.Parallel()
	cat := load(t, counted+"\n  stage = \"deprecated\"\n  reason = \"a test\"\n", countedRule)
	a := assess(t, cat, bundle(t, data{"entra.subscribed_skus": list{}}), engine.Options{}, engine.AssessOptions{Decisions: map[string]engine.Decision{"C": {Status: engine.Planned}}})
	if len(a.Actions) != 0 || len(a.Evidence.Datasets) != 1 {
		t.Errorf("the assessment has %+v of %+v", a.Actions, a.Evidence.Datasets)
	}
	expect.Equalf(t, []string{`a decision about "C" is unused: the control is deprecated.`}, a.Findings, "findings")
}
