package report

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

// points is a number of points, which are counted in hundredths.
func points(p float64) score.Points { return score.Points(p*100 + 0.5) }

func action(id, title string, achieved, most float64, outcome engine.Outcome, reasons ...string) engine.Action {
	return engine.Action{
		ID: id, Title: title, Category: "identity", Product: "entra_id", Kind: "setting", Outcome: outcome, Reasons: reasons,
		Points: engine.ActionPoints{Achieved: points(achieved), Max: points(most)}, Missing: []string{},
	}
}

// fixture decodes testdata/NAME.json.
func fixture[V any](t *testing.T, name string) *V {
	t.Helper()
	value := new(V)
	must.Do(t, json.Unmarshal(must.Get(os.ReadFile(filepath.Join("testdata", name+".json")))(t), value))
	return value
}

// assessment is an assessment in testdata: ordinary has every outcome; hostile bears names that try to steer a terminal, and
// names that take other columns than they have bytes; planned has one action of each sort that a plan tells apart.
func assessment(t *testing.T, name string) *engine.Assessment {
	t.Helper()
	return fixture[engine.Assessment](t, name)
}

func ordinary(t *testing.T) *engine.Assessment {
	t.Helper()
	return assessment(t, "ordinary")
}

func TestAssessment(t *testing.T) {
	unscored := ordinary(t)
	unscored.Score = engine.Score{}
	unscored.Tenant.Name = ""
	unscored.Evidence = engine.Evidence{}
	unscored.Actions = []engine.Action{action("Nobody", "Look after nobody", 0, 7, engine.NotApplicable)}
	unknown := ordinary(t)
	unknown.Tenant = engine.Tenant{}
	unknown.Score = engine.Score{Total: points(5), Categories: []engine.Category{{Category: "identity", Total: points(5)}}}
	unknown.Actions = unknown.Actions[4:5]
	unknown.Evidence.Warnings = nil
	slow := ordinary(t)
	slow.Engine.Fallbacks = []engine.Fallback{
		{Control: "All", Reason: "planning: a rule is not supported"},
		{Control: "Graded\x1b[1m", Reason: "planning: \x1b[2J" + strings.Repeat("so it is ", 20)},
		{Control: "Many", Reason: "planning: a rule is not supported"},
	}
	hostile := assessment(t, "hostile")
	hostile.Actions[0].Failing.Shown[2].Key += "\xff" // which JSON can't hold
	for name, test := range map[string]struct {
		assessment *engine.Assessment
		style      Style
	}{
		"slow":          {slow, Style{}},
		"ordinary":      {ordinary(t), Style{}},
		"color":         {ordinary(t), Style{Color: true}},
		"narrow":        {ordinary(t), Style{Width: 72}},
		"hostile":       {hostile, Style{}},
		"nothing-to-do": {unscored, Style{}},
		"unknown":       {unknown, Style{}},
	} {
		t.Run(name, func(t *testing.T) {
			text := golden(t, "assessment-"+name, "table", test.style, Assessment{Assessment: test.assessment, Screen: Screen{All: true}})
			if test.style.Color {
				return
			}
			if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }); i >= 0 {
				t.Errorf("a control character is at byte %d: %q", i, text[i:min(i+20, len(text))])
			}
			for line := range strings.Lines(text) {
				if line = strings.TrimSuffix(line, "\n"); columns(line) > test.style.columns() {
					t.Errorf("takes %d columns: %s", columns(line), line)
				}
			}
		})
	}
}

// TestAssessmentColor holds colors to being nothing but colors.
func TestAssessmentColor(t *testing.T) {
	var plain, colored strings.Builder
	must.Do(t, errors.Join(Write(&plain, Assessment{Assessment: ordinary(t), Screen: Screen{All: true}}, "table", Style{}), Write(&colored, Assessment{Assessment: ordinary(t), Screen: Screen{All: true}}, "table", Style{Color: true})))
	stripped := strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m", "").Replace(colored.String())
	if stripped != plain.String() || stripped == colored.String() {
		t.Error("without its colors the colored text differs from the plain one, or it has none")
	}
}

// full is a stream that takes some bytes and no more.
type full int

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	if *f -= full(len(p)); *f < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestFullDisk(t *testing.T) {
	for _, room := range []full{0, 10, 400, 1500} {
		if err := Write(&room, Assessment{Assessment: ordinary(t), Screen: Screen{All: true}}, "table", Style{}); !errors.Is(err, errFull) {
			t.Errorf("got %v", err)
		}
	}
}
