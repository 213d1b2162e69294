package history_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/schemas"
)

// judged is an assessment with its verdicts.
type judged struct {
	*engine.Assessment
	verdicts *engine.Verdicts
}

// contoso assesses the sample tenant as of so many days, on which devices go stale.
func contoso(t *testing.T, days int) []judged {
	t.Helper()
	ctx := t.Context()
	registry := must.Get(schemas.Builtin())(t)
	cat := must.Get(catalog.Load(ctx, registry, must.Get(catalog.Builtin())(t)))(t)
	compiled := must.Get(engine.Compile(ctx, cat, engine.Options{}))(t)
	var list []judged
	for n := range days {
		bundle := must.Get(evidence.Open(ctx, filepath.Join("..", "..", "testdata", "contoso"), evidence.DefaultLimits()))(t)
		v := new(engine.Verdicts)
		at := bundle.Manifest().CollectedAt.AddDate(0, 0, n)
		a := must.Get(compiled.Assess(ctx, bundle, engine.AssessOptions{Now: at, Verdicts: v}))(t)
		bundle.Close()
		list = append(list, judged{a, v})
	}
	return list
}

// TestVerdicts keeps verdicts record by record, and compares by them, also after retention dropped what they were changes of.
func TestVerdicts(t *testing.T) {
	days := contoso(t, 21)
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		for _, d := range days {
			_, _, err := s.AppendRecords(t.Context(), d.Assessment, history.Posture, d.verdicts)
			must.Do(t, err)
		}
		compare := func() {
			t.Helper()
			for _, c := range all(t, s.Changes(t.Context(), history.Filter{})) {
				before, after := days[c.Before-1], days[c.After.ID-1]
				want := must.Get(history.Compare(history.Recorded{Assessment: before.Assessment, Verdicts: before.verdicts}, history.Recorded{Assessment: after.Assessment, Verdicts: after.verdicts}))(t)
				expect.Equal(t, attribution.FromRecords, want.Method)
				expect.Equalf(t, want, c.Attribution, "entry %d", c.After.ID)
			}
			sameAsNew(t, s)
		}
		compare()
		must.Get(s.Prune(t.Context(), "14d2afb5-4883-4247-84ff-219e72010db8", settings.Keep{{Period: "daily", Count: 2}, {Period: "weekly", Count: settings.Always}}, false))(t)
		compare()
		lines := exported(t, s)

		// An export has them.
		to := open(t, another(t, url))
		must.Get(to.Import(t.Context(), strings.NewReader(strings.Join(lines, ""))))(t)
		sameAsNew(t, to)
		expect.Equal(t, lines, exported(t, to))
		expect.Equal(t, all(t, s.Changes(t.Context(), history.Filter{})), all(t, to.Changes(t.Context(), history.Filter{})))

		tamper(t, url, "UPDATE verdicts SET verdicts = (SELECT verdicts FROM verdicts ORDER BY entry_key LIMIT 1) WHERE entry_key = 20")
		found := must.Get(s.Verify(t.Context(), history.Filter{}))(t)[0].Findings
		if len(found) == 0 || found[0].ID != 20 || found[0].Detail != "its record keys are not those that were stored: somebody changed them" {
			t.Errorf("%+v", found)
		}
	})
}
