package history_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
)

// tamper changes a database behind the back of the store.
func tamper(t *testing.T, url string, statements ...string) {
	t.Helper()
	driver := "sqlite"
	if history.Remote(url) {
		driver = "pgx"
	}
	db := must.Get(sql.Open(driver, url))(t)
	defer func() { must.Do(t, db.Close()) }()
	for _, statement := range statements {
		must.Get(db.ExecContext(t.Context(), statement))(t)
	}
}

// TestVerify changes a store of five entries and a checkpoint behind its back, in every way, and looks at what is told.
func TestVerify(t *testing.T) {
	type finding struct {
		ID      int64
		Problem history.Problem
	}
	tests := map[string]struct {
		statements []string
		want       []finding
	}{
		"nothing":                     {nil, nil},
		"a score":                     {[]string{"UPDATE entries SET achieved = 900 WHERE seq = 2"}, []finding{{2, history.Changed}}},
		"a time":                      {[]string{"UPDATE entries SET evaluated_at = evaluated_at + 1 WHERE seq = 3"}, []finding{{3, history.Changed}}},
		"a hash":                      {[]string{"UPDATE entries SET hash = 'x' WHERE seq = 3"}, []finding{{3, history.Changed}}},
		"the name":                    {[]string{"UPDATE entries SET name = 'Another' WHERE seq = 3"}, []finding{{3, history.Changed}}},
		"the tenant":                  {[]string{"UPDATE tenants SET id = 'u'"}, []finding{{1, history.Changed}, {2, history.Changed}, {3, history.Changed}, {4, history.Changed}, {5, history.Changed}, {6, history.Changed}}},
		"an assessment":               {[]string{"UPDATE contents SET assessment = (SELECT assessment FROM contents WHERE entry_key = 2) WHERE entry_key = 3"}, []finding{{3, history.Changed}}},
		"an assessment is gone":       {[]string{"DELETE FROM contents WHERE entry_key = 3"}, []finding{{3, history.Lost}}},
		"a result":                    {[]string{"UPDATE results SET achieved = 1000 WHERE entry_key = 3 AND achieved > 0"}, []finding{{3, history.Changed}}},
		"a result is gone":            {[]string{"DELETE FROM results WHERE entry_key = 3 AND achieved > 0"}, []finding{{3, history.Changed}}},
		"a sum":                       {[]string{"UPDATE sums SET achieved = 1000 WHERE entry_key = 3"}, []finding{{3, history.Changed}}},
		"a word":                      {[]string{"UPDATE results SET status = 99 WHERE entry_key = 3"}, []finding{{3, history.Changed}}},
		"a change":                    {[]string{"UPDATE changes SET attribution = (SELECT attribution FROM changes WHERE entry_key = 3) WHERE entry_key = 4"}, []finding{{4, history.Changed}}},
		"the checkpoint":              {[]string{"UPDATE checkpoints SET dropped = '[1,2]'"}, []finding{{6, history.Changed}}},
		"what was dropped is nothing": {[]string{"UPDATE checkpoints SET dropped = 'nothing'"}, []finding{{1, history.Lost}, {6, history.Changed}}},
		"an entry is gone":            {drop(3), []finding{{4, history.Removed}}},
		"two entries are gone":        {append(drop(2), drop(3)...), []finding{{4, history.Removed}}},
		"the checkpoint is gone":      {[]string{"DELETE FROM checkpoints"}, []finding{{1, history.Lost}, {6, history.Removed}}},
		"the first is gone":           {drop(1), []finding{{2, history.Removed}}},
		"two are exchanged": {[]string{
			"UPDATE entries SET seq = 99 WHERE seq = 3", "UPDATE entries SET seq = 3 WHERE seq = 4", "UPDATE entries SET seq = 4 WHERE seq = 99",
		}, []finding{{3, history.Reordered}, {4, history.Reordered}}},
		"one is inserted": {[]string{
			"UPDATE entries SET seq = seq + 100 WHERE seq > 2", "UPDATE entries SET seq = seq - 99 WHERE seq > 100", "UPDATE checkpoints SET seq = 7",
			`INSERT INTO entries (tenant_key, seq, previous, hash, name, origin, evaluated_at, evidence, catalog, parameters, register, engine, records, content,
				achieved, total, assessed_total, percent, planned, planned_percent, licensed, licensed_percent, achievable, achievable_percent)
				SELECT tenant_key, 3, previous, 'y', name, origin, evaluated_at, evidence, catalog, parameters, register, engine, records, 'z',
				achieved, total, assessed_total, percent, planned, planned_percent, licensed, licensed_percent, achievable, achievable_percent
				FROM entries WHERE seq = 2`,
		}, []finding{{3, history.Inserted}, {3, history.Lost}, {4, history.Reordered}, {5, history.Reordered}, {6, history.Reordered}, {7, history.Reordered}}},
		"the last is cut off":           {[]string{"DELETE FROM checkpoints", "UPDATE tenants SET links = 5, head = (SELECT hash FROM entries WHERE seq = 5)"}, []finding{{1, history.Lost}}},
		"all is gone":                   {[]string{"DELETE FROM checkpoints", "DELETE FROM results", "DELETE FROM sums", "DELETE FROM changes", "DELETE FROM contents", "DELETE FROM entries"}, []finding{{1, history.Removed}}},
		"a damaged change is not there": {[]string{"DELETE FROM changes WHERE entry_key = 3"}, nil},
	}
	onBoth(t, func(t *testing.T, url string) {
		for name, test := range tests {
			t.Run(name, func(t *testing.T) {
				url := another(t, url)
				s := open(t, url)
				record(t, s, sample("t", 1, 1), sample("t", 2, 2), sample("t", 8, 3), sample("t", 9, 4), sample("t", 10, 5))
				pruned := must.Get(s.Prune(t.Context(), "t", settings.Keep{{Period: "daily", Count: 4}}, false))(t)
				if len(pruned.Dropped) != 1 || pruned.Dropped[0].ID != 1 || pruned.Checkpoint != 6 {
					t.Fatalf("dropped %+v", pruned)
				}
				tamper(t, url, test.statements...)
				v := must.Get(s.Verify(t.Context(), history.Filter{}))(t)
				if len(v) != 1 {
					t.Fatalf("%d tenants", len(v))
				}
				var got []finding
				for _, f := range v[0].Findings {
					got = append(got, finding{f.ID, f.Problem})
				}
				expect.Equal(t, test.want, got)
				// The head that was noted earlier tells of what the chain can't know of itself.
				noted := v[0].Position(pruned.Head)
				if whole := !strings.Contains(name, "cut off") && !strings.Contains(name, "gone") || name == "an assessment is gone"; whole && noted == 0 {
					t.Errorf("the head that was noted is not in the chain: %+v", v[0])
				} else if name == "the last is cut off" && noted != 0 {
					t.Errorf("the head that was noted is link %d", noted)
				}
			})
		}
	})
}

// drop returns statements that remove the entry of a number.
func drop(id int) []string {
	key := fmt.Sprintf("(SELECT entry_key FROM entries WHERE seq = %d)", id)
	return []string{
		"DELETE FROM changes WHERE entry_key = " + key + " OR before_key = " + key, "DELETE FROM results WHERE entry_key = " + key,
		"DELETE FROM sums WHERE entry_key = " + key,
		"DELETE FROM contents WHERE entry_key = " + key, fmt.Sprintf("DELETE FROM entries WHERE seq = %d", id),
	}
}

// TestVerifyTenants verifies each chain by itself.
func TestVerifyTenants(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		entries := record(t, s, sample("t", 1, 1), sample("u", 1, 1), sample("t", 2, 2))
		v := must.Get(s.Verify(t.Context(), history.Filter{Tenant: "t"}))(t)
		expect.Equal(t, []history.Verification{{
			Tenant: engine.Tenant{ID: "t", Name: "Tenant t"}, Links: 2, Entries: 2, Head: entries[2].Hash, Hashes: []string{entries[0].Hash, entries[2].Hash},
		}}, v)
		expect.Equal(t, 2, len(must.Get(s.Verify(t.Context(), history.Filter{}))(t)))
	})
}
