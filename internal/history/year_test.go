package history_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/schemas"
)

// fullCatalog returns an assessment of the sample tenant by the built-in catalog, in which every coverage control counts records and
// names a hundred of them that fail: more than any real one.
func fullCatalog(t testing.TB) *engine.Assessment {
	t.Helper()
	ctx := t.Context()
	registry := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Builtin())(t)
	cat := must.Get(catalog.Load(ctx, registry, source))(t)
	compiled := must.Get(engine.Compile(ctx, cat, engine.Options{Version: "1.2.3"}))(t)
	bundle := must.Get(evidence.Open(ctx, filepath.Join("..", "..", "testdata", "contoso"), evidence.DefaultLimits()))(t)
	defer bundle.Close()
	return must.Get(compiled.Assess(ctx, bundle, engine.AssessOptions{}))(t)
}

// daily changes an assessment into that of a later day: other evidence, some other counts, and other records that fail.
func daily(t testing.TB, text []byte, n int, random *rand.Rand) *engine.Assessment {
	t.Helper()
	var a engine.Assessment
	must.Do(t, json.Unmarshal(text, &a))
	a.EvaluatedAt = a.EvaluatedAt.AddDate(0, 0, n)
	a.Evidence.Digest = hexed(fmt.Sprint("evidence ", n))
	for i := range a.Evidence.Datasets {
		if d := &a.Evidence.Datasets[i]; d.Digest != "" && random.IntN(2) == 0 {
			d.Digest = hexed(fmt.Sprint(d.Name, n))
		}
	}
	for i := range a.Actions {
		action := &a.Actions[i]
		if action.Coverage == nil || action.Status.Resolves() {
			continue
		}
		c := &engine.Coverage{InScope: 50_000, Records: 60_000, Compliant: 40_000}
		if random.IntN(20) == 0 {
			c.Compliant += random.Int64N(5000)
		}
		a.Score.Achieved -= action.Points.Achieved
		action.Outcome, action.Status, action.Coverage = engine.Partial, engine.ToAddress, c
		action.Points.ByEvidence = score.Share(action.Points.Max, c.Compliant, c.InScope)
		action.Points.Achieved = action.Points.ByEvidence
		a.Score.Achieved += action.Points.Achieved
		action.Failing = &engine.Failing{Total: c.InScope - c.Compliant}
		for k := range 100 { // those of an action whose count changes are others
			id := hexed(fmt.Sprint("device ", k+int(c.Compliant-40_000)%100))
			action.Failing.Shown = append(action.Failing.Shown, engine.Record{Key: id[:40], Label: "DESKTOP-" + id[:8]})
		}
	}
	a.Score.Percent = score.Percent(a.Score.Achieved, a.Score.Total)
	return &a
}

func hexed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// fill stores so many days of the full catalog.
func fill(t testing.TB, s *history.Store, days int) {
	t.Helper()
	text := must.Get(json.Marshal(fullCatalog(t)))(t)
	random := rand.New(rand.NewPCG(1, 365))
	for n := range days {
		_, _, err := s.Append(context.Background(), daily(t, text, n, random), history.Posture)
		must.Do(t, err)
	}
}

// A year of daily entries has to fit.
const (
	yearBytes = 50 << 20
	yearDays  = 365
)

// TestSize holds that a year of daily entries of the full catalog takes less than 50 MiB, by a part of it.
func TestSize(t *testing.T) {
	path := filepath.Join(t.TempDir(), history.Name)
	size := func() int64 {
		s := must.Get(history.Open(t.Context(), path))(t)
		must.Do(t, s.Close()) // everything is in the file then
		return must.Get(os.Stat(path))(t).Size()
	}
	empty := size()
	const days = 12
	s := must.Get(history.Open(t.Context(), path))(t)
	fill(t, s, days)
	must.Do(t, s.Close())
	if year := empty + (size()-empty)*yearDays/days; year > yearBytes {
		t.Errorf("a year takes %d MiB, %d KiB for an entry", year>>20, (size()-empty)/days>>10)
	} else {
		t.Logf("a year takes %d MiB, %d KiB for an entry", year>>20, (size()-empty)/days>>10)
	}
}

// BenchmarkYear measures every view over a year of daily entries of the full catalog. Each has to take less than 200 ms.
func BenchmarkYear(b *testing.B) {
	path := filepath.Join(b.TempDir(), history.Name)
	s := must.Get(history.Open(b.Context(), path))(b)
	begin := time.Now()
	fill(b, s, yearDays)
	b.Logf("%v for an entry", time.Since(begin)/yearDays)
	must.Do(b, s.Close())
	b.Logf("%.1f MiB", float64(must.Get(os.Stat(path))(b).Size())/(1<<20))
	for name, view := range map[string]func(*history.Store){
		"list":    func(s *history.Store) { all(b, s.Entries(b.Context(), history.Filter{})) },
		"changes": func(s *history.Store) { all(b, s.Changes(b.Context(), history.Filter{})) },
		"show":    func(s *history.Store) { all(b, s.Rows(b.Context(), history.Filter{Action: "AdminMFAV2"})) },
		"sums":    func(s *history.Store) { all(b, s.Sums(b.Context(), history.Filter{})) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				s := must.Get(history.OpenExisting(b.Context(), path))(b) // as a command does
				view(s)
				must.Do(b, s.Close())
			}
		})
	}
}
