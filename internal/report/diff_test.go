package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
)

// everything is a difference of every kind, with names that no catalog of ours would have.
func everything() *catalog.Comparison {
	control := func(id, title string, points int64) *catalog.Control {
		return &catalog.Control{ID: id, Title: title, Category: "apps", Points: points, Digest: "sha256:" + id}
	}
	rules, shared := "policies.doors.locks", "policies.lib.keys"
	all := []catalog.Change{
		{Kind: catalog.ChangedPoints, Old: int64(400), New: int64(350)},
		{Kind: catalog.ChangedEarning, Old: "setting", New: "coverage"},
		{Kind: catalog.ChangedRule, Name: rules, Old: rules, New: rules},
		{Kind: catalog.ChangedSharedRule, Name: shared, Old: shared, New: shared},
		{Kind: catalog.ChangedSharedRule, Name: shared, New: shared},
		{Kind: catalog.ChangedSharedRule, Name: shared, Old: shared},
		{Kind: catalog.ChangedRuleText, Name: shared, Old: shared, New: shared},
		{Kind: catalog.ChangedRulePackage, Old: rules, New: "policies.doors.bolts"},
		{Kind: catalog.ChangedPopulation, New: "doors.locks"},
		{Kind: catalog.ChangedMatch, Name: "side", Old: "left", New: json.Number("2")},
		{Kind: catalog.ChangedJoin, Name: "key", Old: catalog.Join{Name: "key", Dataset: "doors.keys", On: "lock"}},
		{Kind: catalog.ChangedJoin, Name: "key", New: catalog.Join{Name: "key", Dataset: "doors.keys", On: "door", Many: true, IgnoreUnmatched: true}},
		{Kind: catalog.ChangedFresh, New: "timestamp by stale_after_days"},
		{Kind: catalog.ChangedWhenEmpty, New: "full"},
		{Kind: catalog.ChangedCredit, Old: "partial", New: "all_or_nothing"},
		{Kind: catalog.ChangedContext, Name: "doors.plan", New: "doors.plan"},
		{Kind: catalog.ChangedContext, Name: "doors.house", Old: "doors.house"},
		{Kind: catalog.ChangedParameter, Name: "most", Old: json.Number("24"), New: json.Number("12")},
		{Kind: catalog.ChangedParameter, Name: "names", New: []any{"a b", "<c>"}},
		{Kind: catalog.ChangedParameter, Name: "word", Old: "", New: "two words\n\x1b[2J"},
		{Kind: catalog.ChangedParameterType, Name: "most", Old: "string", New: "number"},
		{Kind: catalog.ChangedPrerequisite, Old: catalog.Prerequisite{Control: "Keys"}},
		{Kind: catalog.ChangedPrerequisite, New: catalog.Prerequisite{ServicePlans: []string{"A", "B"}}},
		{Kind: catalog.ChangedException, New: "doors"},
		{Kind: catalog.ChangedCategory, Old: "apps", New: "data"},
		{Kind: catalog.ChangedProduct, Old: "house", New: "doors"},
		{Kind: catalog.ChangedTier, Old: "core", New: "advanced"},
		{Kind: catalog.ChangedDifficulty, Old: "low", New: "high"},
		{Kind: catalog.ChangedUserImpact, Old: "low", New: "high"},
		{Kind: catalog.ChangedComplexity, Old: "low", New: "high"},
		{Kind: catalog.ChangedConfidence, Old: "low", New: "high"},
		{Kind: catalog.ChangedThreats, Old: []string{"account_breach", "spoofing"}},
		{Kind: catalog.ChangedFramework, Name: "mitre_attack", Old: []string{"T1"}, New: []string{"T1", "T2"}},
		{Kind: catalog.ChangedTexts, Names: []string{"title", "steps"}},
	}
	gone := []catalog.Change{{Kind: catalog.ChangedRule, Name: rules, Old: rules}}
	return &catalog.Comparison{
		Old:     catalog.Summary{Version: "1.0.0", Digest: "sha256:old", Controls: 5, Points: 1600},
		New:     catalog.Summary{Digest: "sha256:new", Controls: 6, Points: 1650},
		Added:   []*catalog.Control{control("A\x1b[2J", "Add\u202e it", 100), control("B", strings.Repeat("Long title ", 40), 50)},
		Removed: []*catalog.Control{control("R", "Remove it", 50)},
		Changed: []catalog.ControlChange{
			{Old: control("C", "Change it", 400), New: control("C", "Change it\r\nnow", 350), Changes: all},
			{Old: control("D", "Let nobody decide", 100), New: control("D", "Let nobody decide", 100), Changes: gone},
			{Old: control("E", "Let us see", 100), New: control("E", "Let us see", 100), Changes: []catalog.Change{{Kind: catalog.ChangedRule, Name: rules, New: rules}}},
			{Old: control("F", "Let nobody decide, either", 100), New: control("F", "Let nobody decide, either", 100), Changes: gone},
		},
		Products: []catalog.ProductChange{
			{ID: "doors", New: &catalog.Product{ID: "doors", Title: "The doors"}},
			{ID: "house", Old: &catalog.Product{ID: "house", Title: "The house"}, New: &catalog.Product{ID: "house", Title: "Our\x1b house"}, Changes: []catalog.Change{
				{Kind: catalog.ChangedTitle, Old: "The house", New: "Our\x1b house"}, {Kind: catalog.ChangedServicePlans, New: []string{"HOUSE_S"}},
			}},
			{ID: "roof", Old: &catalog.Product{ID: "roof", Title: "The roof"}},
		},
	}
}

func TestDiff(t *testing.T) {
	d := everything()
	text := golden(t, "diff", "table", Style{}, Diff{"old\x1b[2J", "new.tar.gz", d})
	if strings.ContainsAny(text, "\x1b\r\u202e") {
		t.Error("a catalog can steer the terminal")
	}
	golden(t, "diff-narrow-color", "table", Style{Color: true, Width: 72}, Diff{"old", "new.tar.gz", d})
	golden(t, "diff-json", "json", Style{}, Diff{"old", "new.tar.gz", d})
	same := &catalog.Comparison{Old: d.Old, New: d.Old}
	golden(t, "diff-same", "table", Style{}, Diff{"old\x1b[2J", "new", same})
	golden(t, "diff-same-json", "json", Style{}, Diff{"old", "new", same})
	version := &catalog.Comparison{Old: d.Old, New: d.Old}
	version.New.Version = "1.0.1"
	golden(t, "diff-version", "table", Style{}, Diff{"old", "new", version})
	room := full(20)
	if err := Write(&room, Diff{"old", "new", d}, "table", Style{}); !errors.Is(err, errFull) {
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
