package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/posture-score/posture/policies"
	"github.com/posture-score/posture/policies/diff"
)

// everything is a difference of every kind, with names that no catalog of ours would have.
func everything() *diff.Diff {
	control := func(id, title string, points int64) *policies.Control {
		return &policies.Control{ID: id, Title: title, Category: "apps", Points: points, Digest: "sha256:" + id}
	}
	rules, shared := "policies.doors.locks", "policies.lib.keys"
	all := []diff.Change{
		{Kind: diff.Points, Old: int64(400), New: int64(350)},
		{Kind: diff.Earning, Old: "setting", New: "coverage"},
		{Kind: diff.Rule, Name: rules, Old: rules, New: rules},
		{Kind: diff.SharedRule, Name: shared, Old: shared, New: shared},
		{Kind: diff.SharedRule, Name: shared, New: shared},
		{Kind: diff.SharedRule, Name: shared, Old: shared},
		{Kind: diff.RuleText, Name: shared, Old: shared, New: shared},
		{Kind: diff.RulePlace, Old: rules, New: "policies.doors.bolts"},
		{Kind: diff.Population, New: "doors.locks"},
		{Kind: diff.Match, Name: "side", Old: "left", New: json.Number("2")},
		{Kind: diff.Beside, Name: "key", Old: policies.Join{Name: "key", Dataset: "doors.keys", On: "lock"}},
		{Kind: diff.Beside, Name: "key", New: policies.Join{Name: "key", Dataset: "doors.keys", On: "door", Many: true, IgnoreUnmatched: true}},
		{Kind: diff.Fresh, New: "timestamp by stale_after_days"},
		{Kind: diff.WhenEmpty, New: "full"},
		{Kind: diff.Credit, Old: "partial", New: "all_or_nothing"},
		{Kind: diff.Context, Name: "doors.plan", New: "doors.plan"},
		{Kind: diff.Context, Name: "doors.house", Old: "doors.house"},
		{Kind: diff.Parameter, Name: "most", Old: json.Number("24"), New: json.Number("12")},
		{Kind: diff.Parameter, Name: "names", New: []any{"a b", "<c>"}},
		{Kind: diff.Parameter, Name: "word", Old: "", New: "two words\n\x1b[2J"},
		{Kind: diff.ParameterType, Name: "most", Old: "string", New: "number"},
		{Kind: diff.Prerequisite, Old: policies.Prerequisite{Control: "Keys"}},
		{Kind: diff.Prerequisite, New: policies.Prerequisite{ServicePlans: []string{"A", "B"}}},
		{Kind: diff.Exception, New: "doors"},
		{Kind: diff.Category, Old: "apps", New: "data"},
		{Kind: diff.OfProduct, Old: "house", New: "doors"},
		{Kind: diff.Tier, Old: "core", New: "advanced"},
		{Kind: diff.Difficulty, Old: "low", New: "high"},
		{Kind: diff.UserImpact, Old: "low", New: "high"},
		{Kind: diff.Complexity, Old: "low", New: "high"},
		{Kind: diff.Confidence, Old: "low", New: "high"},
		{Kind: diff.Threats, Old: []string{"account_breach", "spoofing"}},
		{Kind: diff.Framework, Name: "mitre_attack", Old: []string{"T1"}, New: []string{"T1", "T2"}},
		{Kind: diff.Texts, Names: []string{"title", "steps"}},
	}
	gone := []diff.Change{{Kind: diff.Rule, Name: rules, Old: rules}}
	return &diff.Diff{
		Old:     diff.Side{Version: "1.0.0", Digest: "sha256:old", Controls: 5, Points: 1600},
		New:     diff.Side{Digest: "sha256:new", Controls: 6, Points: 1650},
		Added:   []*policies.Control{control("A\x1b[2J", "Add\u202e it", 100), control("B", strings.Repeat("Long title ", 40), 50)},
		Removed: []*policies.Control{control("R", "Remove it", 50)},
		Changed: []diff.Control{
			{Old: control("C", "Change it", 400), New: control("C", "Change it\r\nnow", 350), Changes: all},
			{Old: control("D", "Let nobody decide", 100), New: control("D", "Let nobody decide", 100), Changes: gone},
			{Old: control("E", "Let us see", 100), New: control("E", "Let us see", 100), Changes: []diff.Change{{Kind: diff.Rule, Name: rules, New: rules}}},
			{Old: control("F", "Let nobody decide, either", 100), New: control("F", "Let nobody decide, either", 100), Changes: gone},
		},
		Products: []diff.Product{
			{ID: "doors", New: &policies.Product{ID: "doors", Title: "The doors"}},
			{ID: "house", Old: &policies.Product{ID: "house", Title: "The house"}, New: &policies.Product{ID: "house", Title: "Our\x1b house"}, Changes: []diff.Change{
				{Kind: diff.Title, Old: "The house", New: "Our\x1b house"}, {Kind: diff.ServicePlans, New: []string{"HOUSE_S"}},
			}},
			{ID: "roof", Old: &policies.Product{ID: "roof", Title: "The roof"}},
		},
	}
}

func TestDiff(t *testing.T) {
	d := everything()
	text := golden(t, "diff", func(w io.Writer) error { return Diff(w, "old\x1b[2J", "new.tar.gz", d, Style{}) })
	if strings.ContainsAny(text, "\x1b\r\u202e") {
		t.Error("a catalog can steer the terminal")
	}
	golden(t, "diff-narrow-color", func(w io.Writer) error { return Diff(w, "old", "new.tar.gz", d, Style{Color: true, Width: 72}) })
	golden(t, "diff-json", func(w io.Writer) error { return DiffJSON(w, "old", "new.tar.gz", d) })
	same := &diff.Diff{Old: d.Old, New: d.Old}
	golden(t, "diff-same", func(w io.Writer) error {
		return errors.Join(Diff(w, "old\x1b[2J", "new", same, Style{}), DiffJSON(w, "old", "new", same))
	})
	version := &diff.Diff{Old: d.Old, New: d.Old}
	version.New.Version = "1.0.1"
	golden(t, "diff-version", func(w io.Writer) error { return Diff(w, "old", "new", version, Style{}) })
	room := full(20)
	if err := Diff(&room, "old", "new", d, Style{}); !errors.Is(err, errFull) {
		t.Errorf("on a full disk: %v", err)
	}
}

// TestDiffWords says something of every change, whatever its values are.
func TestDiffWords(t *testing.T) {
	for _, c := range everything().Changed[0].Changes {
		var text bytes.Buffer
		if text.WriteString(sentence(c)); strings.Contains(text.String(), "_rule") || !strings.ContainsAny(text.String(), ":;,.") {
			t.Errorf("%s: %q", c.Kind, &text)
		}
	}
}
