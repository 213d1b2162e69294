package report

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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

func preview(a engine.Action) engine.Action {
	a.Stage = engine.Preview
	return a
}

func counted(a engine.Action, compliant, inScope int64, names ...string) engine.Action {
	a.Kind = "coverage"
	a.Coverage = &engine.Coverage{Compliant: compliant, InScope: inScope, Records: inScope}
	a.Failing = &engine.Failing{Total: inScope - compliant, Shown: names}
	return a
}

func lacking(a engine.Action, datasets ...string) engine.Action {
	a.Missing = datasets
	return a
}

// ordinary has every outcome.
func ordinary() *engine.Assessment {
	id := func(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }
	return &engine.Assessment{
		Tenant:      engine.Tenant{ID: "t-1", Name: "Contoso"},
		EvaluatedAt: time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC),
		Evidence: engine.Evidence{
			Datasets: []engine.Dataset{
				{Name: "attestation.claims", Status: engine.Collected, Records: 1},
				{Name: "entra.groups", Status: engine.Missing},
				{Name: "entra.users", Status: engine.Collected, Records: 52},
				{Name: "exchange.mailboxes", Status: engine.Failed, Reason: "403 Forbidden: " + strings.Repeat("the account may not read this ", 5)},
				{Name: "house.badges", Status: engine.Failed, Reason: "nobody reads it, so it doesn't matter here"},
				{Name: "purview.dlp_policies", Status: engine.Missing},
			},
			Warnings: []string{"entra.users: record 7, /mail: want string or null, got number"},
		},
		Score: engine.Score{
			Achieved: points(15.83), Total: points(49), AssessedTotal: points(33), Percent: points(32.31),
			Categories: []engine.Category{
				{Category: "apps", Achieved: points(11.5), Total: points(20)},
				{Category: "data", Achieved: points(0), Total: points(5)},
				{Category: "identity", Achieved: points(4.33), Total: points(24)},
			},
		},
		Actions: []engine.Action{
			action("All", "Do it all", 10, 10, engine.Complete),
			action("Attested", "Sign it", 1, 1, engine.Complete, "attested by ada@contoso.example, valid until 2027-01-01T00:00:00Z"),
			lacking(action("Forgotten", "Sign that", 0, 3, engine.NoEvidence, "nobody has attested it"), "attestation.claims"),
			action("Graded", "Do it by and by", 0.5, 1, engine.Partial, "half of it is done"),
			lacking(action("Group", "Look after groups", 0, 5, engine.NoEvidence, "entra.groups is not in the evidence"), "entra.groups"),
			lacking(action("Groups", "Look after more groups", 0, 2, engine.NoEvidence, "entra.groups is not in the evidence"), "entra.groups"),
			lacking(action("Mail", "Look after mail", 0, 4, engine.NoEvidence), "exchange.mailboxes", "purview.dlp_policies"),
			counted(action("Many", "Register everybody for multifactor authentication", 4.33, 9, engine.Partial,
				"no method is known to be registered (27 of 52)"), 25, 52, id(1), id(2), id(3), id(4)),
			counted(action("Nobody", "Look after nobody", 0, 7, engine.NotApplicable, "nothing is in scope"), 0, 0),
			action("None", "Do that", 0, 9, engine.NotMet, "it is off", "it was never on", "nobody knows of it", "a fourth reason", "a fifth one"),
			preview(action("Soon", "Do this, too", 0, 0, engine.NotMet, "it is off")),
			preview(counted(action("Soon2", "Do this for all", 0, 0, engine.Partial), 1, 2, id(1))),
			preview(lacking(action("Soon3", "Look after what can't be seen yet", 0, 0, engine.NoEvidence), "entra.groups")),
			preview(action("Soon4", "Do what doesn't apply", 0, 0, engine.NotApplicable)),
			action("Wrong", "Divide by nothing", 0, 2, engine.Errored, "policies/wrong.rego:7: divide by zero"),
			counted(action("aLong", "Let "+strings.Repeat("titles that are too long for a line ", 4)+"be wrapped", 0, 1, engine.NotMet,
				"policy \""+strings.Repeat("x", 150)+"\" is odd (2 of 2)", strings.Repeat("and so on ", 60)), 0, 2, "a@contoso.example", strings.Repeat("y", 90)),
		},
	}
}

// hostile bears names that try to steer a terminal, and names that take other columns than they have bytes.
func hostile() *engine.Assessment {
	return &engine.Assessment{
		Tenant:      engine.Tenant{ID: "t-2", Name: "\x1b[2J\x1b]0;owned\aMallory\r\nSecure score  100.00%\u202egnp"},
		EvaluatedAt: time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC),
		Evidence: engine.Evidence{
			Datasets: []engine.Dataset{{Name: "entra.users", Status: engine.Failed, Reason: "\x1b[31mno\nway\x00"}},
			Warnings: []string{"house.\x1b[1mbadges\u009b is not known"},
		},
		Score: engine.Score{Total: points(9), AssessedTotal: points(4), Categories: []engine.Category{{Category: "identity", Total: points(9)}}},
		Actions: []engine.Action{
			counted(action("Many", "Title\x1b[5m that\ttries", 0, 4, engine.NotMet, "policy \"\x1b[8mhidden\" (3 of 3)"), 0, 3,
				"\x1b]8;;https://evil.example\x07link", "田中さくら@contoso.example", "café\u0301\xff"),
			lacking(action("Users", "用戶"+strings.Repeat("多要素認証を有効にする ", 8), 0, 5, engine.NoEvidence), "entra.users"),
		},
	}
}

func TestAssessment(t *testing.T) {
	unscored := ordinary()
	unscored.Score = engine.Score{}
	unscored.Tenant.Name = ""
	unscored.Evidence = engine.Evidence{}
	unscored.Actions = []engine.Action{action("Nobody", "Look after nobody", 0, 7, engine.NotApplicable)}
	unknown := ordinary()
	unknown.Tenant = engine.Tenant{}
	unknown.Score = engine.Score{Total: points(5), Categories: []engine.Category{{Category: "identity", Total: points(5)}}}
	unknown.Actions = unknown.Actions[4:5]
	unknown.Evidence.Warnings = nil
	slow := ordinary()
	slow.Engine.Fallbacks = []engine.Fallback{
		{Control: "All", Reason: "planning: a rule is not supported"},
		{Control: "Graded\x1b[1m", Reason: "planning: \x1b[2J" + strings.Repeat("so it is ", 20)},
		{Control: "Many", Reason: "planning: a rule is not supported"},
	}
	for name, test := range map[string]struct {
		assessment *engine.Assessment
		style      Style
	}{
		"slow":          {slow, Style{}},
		"ordinary":      {ordinary(), Style{}},
		"color":         {ordinary(), Style{Color: true}},
		"narrow":        {ordinary(), Style{Width: 72}},
		"hostile":       {hostile(), Style{}},
		"nothing-to-do": {unscored, Style{}},
		"unknown":       {unknown, Style{}},
	} {
		t.Run(name, func(t *testing.T) {
			text := golden(t, "assessment-"+name, "table", test.style, Assessment{test.assessment})
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
	must.Do(t, errors.Join(Write(&plain, Assessment{ordinary()}, "table", Style{}), Write(&colored, Assessment{ordinary()}, "table", Style{Color: true})))
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
		if err := Write(&room, Assessment{ordinary()}, "table", Style{}); !errors.Is(err, errFull) {
			t.Errorf("got %v", err)
		}
	}
}
