package history_test

import (
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestOrphans finds rows that no chain leads to.
func TestOrphans(t *testing.T) {
	for statement, want := range map[string]int{"DELETE FROM tenants": 1, "DELETE FROM tenants WHERE id = 'u'": 1, "DELETE FROM entries WHERE tenant_key = 2": 4} {
		path := filepath.Join(t.TempDir(), history.Name)
		s := must.Get(history.Open(t.Context(), path))(t)
		record(t, s, sample("t", 1, 1), sample("u", 1, 1), sample("u", 2, 2))
		tamper(t, path, "PRAGMA foreign_keys = 0", statement)
		found := must.Get(s.Verify(t.Context(), history.Filter{}))(t)
		last := found[len(found)-1]
		expect.Equalf(t, want, len(last.Findings), "%s: %+v", statement, last)
		expect.Equal(t, history.Orphaned, last.Findings[0].Problem)
		must.Do(t, s.Close())
	}
}
