package report

import (
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
)

// hostileTenant has a name that would clear the screen.
func hostileTenant() engine.Tenant { return engine.Tenant{ID: "t", Name: "Con\x1b[2Jtoso\u202e"} }

func pastEntry(id int64, percent engine.Points) history.Entry {
	return history.Entry{
		ID: id, Tenant: hostileTenant(), Origin: history.Posture, EvaluatedAt: time.Date(2026, 10, int(id), 6, 0, 0, 0, time.UTC),
		Digests: history.Digests{Evidence: "e", Catalog: "sha256:0123456789abcdef\x1b", Engine: "1.2.3"}, Content: strings.Repeat("c", 64),
		Score: engine.Score{Achieved: 15_50, Total: 30_00, AssessedTotal: 25_00, Percent: percent}, Hash: strings.Repeat("a", 64), Pruned: id == 1,
	}
}

// quiet fails if a text for people has what steers a terminal.
func quiet(t *testing.T, text string) {
	t.Helper()
	if strings.ContainsAny(text, "\x1b\u202e\r") {
		t.Errorf("it steers the terminal: %q", text)
	}
}

func TestEntries(t *testing.T) {
	page := Entries{Entries: []history.Entry{pastEntry(2, 51_67), pastEntry(1, 0)}}
	quiet(t, golden(t, "history-entries", "table", Style{}, page, Entries{Tenant: hostileTenant()}))
	if text := within(t, 60, page); !strings.Contains(text, "Left out: CATALOG.") {
		t.Errorf("a column was left out without a word: %s", text)
	}
	golden(t, "history-entries-json", "json", Style{}, page, Entries{})
	quiet(t, golden(t, "history-entries-csv", "csv", Style{}, page))
}

// past is two steps: what changed, and one of which nothing can be said.
func past() []history.Change {
	return []history.Change{
		{Before: 2, After: pastEntry(3, 0), Attribution: nil},
		{Before: 1, After: pastEntry(2, 0), Attribution: changes()},
	}
}

func TestChanges(t *testing.T) {
	of := func(f ChangeFilter) Changes {
		page := Changes{Tenant: engine.Tenant{ID: "t"}}
		for _, step := range past() {
			page.Add(step, f)
		}
		return page
	}
	quiet(t, golden(t, "history-changes", "table", Style{}, of(ChangeFilter{}), of(ChangeFilter{Causes: []attribution.Cause{attribution.Catalog}, Actions: []string{"Fresh"}}),
		of(ChangeFilter{Categories: []string{"apps"}})))
	quiet(t, golden(t, "history-changes-narrow", "table", Style{Width: 60}, of(ChangeFilter{All: true})))
	golden(t, "history-changes-json", "json", Style{}, of(ChangeFilter{All: true}), Changes{})
	quiet(t, golden(t, "history-changes-csv", "csv", Style{}, of(ChangeFilter{All: true})))
}

func TestPast(t *testing.T) {
	page := Past{Tenant: hostileTenant(), Action: "Admins"}
	for _, step := range past() {
		page.Add(step)
	}
	unknown := page
	page.Results, page.Begin, page.First = 2, pastEntry(1, 0), history.Row{
		Entry: 1, Action: "Admins", Outcome: engine.Partial, Status: engine.ToAddress, Achieved: 9_00, Max: 10_00, Coverage: &engine.Coverage{Compliant: 9, InScope: 10, Records: 12},
	}
	page.Latest = history.Row{Entry: 2, Action: "Admins", Outcome: engine.Partial, Status: engine.ToAddress, Achieved: 4_50, Max: 10_00}
	quiet(t, golden(t, "history-action", "table", Style{}, page, unknown))
	golden(t, "history-action-json", "json", Style{}, page, unknown)
}

func TestVerification(t *testing.T) {
	head := strings.Repeat("0123456789abcdef", 4)
	sound := history.Verification{Tenant: hostileTenant(), Links: 3, Entries: 2, Checkpoints: 1, Pruned: 1, Head: head, Hashes: []string{strings.Repeat("a", 64), head, strings.Repeat("b", 64)}}
	broken := sound
	broken.Tenant, broken.Entries, broken.Pruned, broken.Checkpoints = engine.Tenant{ID: "u"}, 1, 0, 0
	broken.Findings = []history.Finding{{ID: 1, Problem: history.Changed, Detail: "its header is not the one that was stored"}, {ID: 2, Problem: history.Removed, Detail: "gone\x1b"}}
	for name, test := range map[string]struct {
		page  Verification
		sound bool
	}{
		"sound":  {NewVerification([]history.Verification{sound}, []string{head, strings.Repeat("b", 64)}), true},
		"broken": {NewVerification([]history.Verification{sound, broken}, nil), false},
		"cut":    {NewVerification([]history.Verification{sound}, []string{strings.Repeat("f", 64)}), false},
		"empty":  {NewVerification(nil, nil), true},
	} {
		if test.page.Sound() != test.sound {
			t.Errorf("%s: it is sound: %v", name, test.page.Sound())
		}
		quiet(t, golden(t, "history-verify-"+name, "text", Style{}, test.page))
		golden(t, "history-verify-"+name+"-json", "json", Style{}, test.page)
	}
}

func TestImported(t *testing.T) {
	page := Imported{Store: "posture.db", Files: []ImportedFile{
		{Path: "a.ndjson", Importing: history.Importing{Lines: 3, Added: 3}},
		{Path: "b\x1b.ndjson", Importing: history.Importing{Lines: 5, Added: 1, Known: 2, Restored: 1, Damaged: []history.Damage{
			{Line: 2, Detail: "it is no line of an export: unexpected end"}, {Line: 3, Tenant: "t", ID: 7, Detail: "it does not follow", Imported: true},
		}}},
	}}
	if !page.Damaged() || (Imported{Files: page.Files[:1]}).Damaged() {
		t.Error("damage is told where there is none, or not where there is some")
	}
	quiet(t, golden(t, "history-imported", "text", Style{}, page))
	golden(t, "history-imported-json", "json", Style{}, page)
}

func TestPruned(t *testing.T) {
	page := Pruned{Keep: "daily:1", Tenants: []PrunedTenant{
		{Tenant: hostileTenant(), Pruning: history.Pruning{Kept: 2, Dropped: []history.Entry{pastEntry(1, 0), pastEntry(2, 0)}, Checkpoint: 5, Head: "a"}},
		{Tenant: engine.Tenant{ID: "u"}, Pruning: history.Pruning{Kept: 1, Head: "b"}},
	}}
	dry := page
	dry.DryRun = true
	quiet(t, golden(t, "history-pruned", "text", Style{}, page, dry))
	golden(t, "history-pruned-json", "json", Style{}, page)
}
