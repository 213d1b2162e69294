package recorded_test

import (
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/tenant/year"
	"github.com/posture-score/posture/internal/tenant/year/recorded"
)

// TestFill holds that the history has the days that were asked for, with what changed between them.
func TestFill(t *testing.T) {
	ctx := t.Context()
	store := must.Get(history.Open(ctx, filepath.Join(t.TempDir(), "posture.db")))(t)
	t.Cleanup(func() { must.Do(t, store.Close()) })
	days := recorded.Days(365)
	must.Do(t, recorded.Fill(ctx, store, days[:4]))
	var found []string
	for entry, err := range store.Entries(ctx, history.Filter{}) {
		must.Do(t, err)
		found = append(found, entry.EvaluatedAt.Format("2006-01-02"))
	}
	var expected []string
	for _, day := range days[:4] {
		expected = append(expected, year.At(day).Format("2006-01-02"))
	}
	expect.Equal(t, expected, found)
}
