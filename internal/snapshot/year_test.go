package snapshot_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

// daily changes an assessment into that of a later day: other evidence, some other counts, and other records that fail, all of which it names.
func daily(t testing.TB, text []byte, n int, random *rand.Rand) *engine.Assessment {
	t.Helper()
	hexed := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	var a engine.Assessment
	must.Do(t, json.Unmarshal(text, &a))
	a.EvaluatedAt = a.EvaluatedAt.AddDate(0, 0, n)
	a.Evidence.Digest = hexed(fmt.Sprint("evidence ", n))
	for i := range a.Actions {
		action := &a.Actions[i]
		if action.Coverage == nil || action.Status.Resolves() {
			continue
		}
		c := &engine.Coverage{InScope: 500, Records: 600, Compliant: 400}
		if random.IntN(20) == 0 {
			c.Compliant += random.Int64N(100)
		}
		a.Score.Achieved -= action.Points.Achieved
		action.Outcome, action.Status, action.Coverage = engine.Partial, engine.ToAddress, c
		action.Points.ByEvidence = score.Share(action.Points.Max, c.Compliant, c.InScope)
		action.Points.Achieved = action.Points.ByEvidence
		a.Score.Achieved += action.Points.Achieved
		action.Failing = &engine.Failing{Total: c.InScope - c.Compliant}
		for k := range action.Failing.Total {
			id := hexed(fmt.Sprint("device ", (k+c.Compliant*3)%500))
			action.Failing.Shown = append(action.Failing.Shown, engine.Record{Key: id[:40], Label: "DESKTOP-" + id[:8]})
		}
	}
	a.Score.Percent = score.Percent(a.Score.Achieved, a.Score.Total)
	return &a
}

// yearDays is how many days are measured.
const yearDays = 365

// BenchmarkYear measures the snapshot of a store with a year of daily entries of the full catalog, and what it takes of memory. It has to take less
// than 300 ms and 60 MB. To fill the store takes minutes.
func BenchmarkYear(b *testing.B) {
	path := filepath.Join(b.TempDir(), history.Name)
	text := must.Get(json.Marshal(assessed(b, nil)))(b)
	random := rand.New(rand.NewPCG(1, 365))
	store := must.Get(history.Open(b.Context(), path))(b)
	for n := range yearDays {
		_, _, err := store.Append(b.Context(), daily(b, text, n, random), history.Posture)
		must.Do(b, err)
	}
	must.Do(b, store.Close())
	o := options(b, path)
	var held *snapshot.Source
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		held = must.Get(snapshot.Open(b.Context(), o))(b)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-held")
	if n := len(current(b, held).Past.Changes); n != yearDays-1 {
		b.Errorf("%d changes", n)
	}
}
