package history_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/pgserver"
	"github.com/posture-score/posture/internal/score"
)

// server is the PostgreSQL of all tests of the package.
type server struct {
	once    sync.Once
	running *pgserver.Server
	err     error
	schemas atomic.Int64
}

var postgres server

func TestMain(m *testing.M) {
	if url := os.Getenv(childStore); url != "" {
		os.Exit(child(url))
	}
	code := m.Run()
	if postgres.running != nil {
		if err := postgres.running.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// database returns the URL of a store that is not there yet, in a schema of its own. Without PostgreSQL the test is skipped, but where CI
// is set.
func (s *server) database(t testing.TB) string {
	t.Helper()
	s.once.Do(func() { s.running, s.err = pgserver.Start(context.Background()) })
	if errors.Is(s.err, pgserver.ErrMissing) && os.Getenv("CI") == "" {
		t.Skipf("NOT TESTED ON POSTGRESQL: %v", s.err)
	}
	must.Do(t, s.err)
	name := fmt.Sprintf("test%d", s.schemas.Add(1))
	must.Do(t, s.running.Exec(t.Context(), "CREATE SCHEMA "+name))
	return s.running.URL("postgres") + "&search_path=" + name
}

// onBoth runs a test on both databases at the same time: it gets the URL of a store that is not there yet.
func onBoth(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, filepath.Join(t.TempDir(), history.Name))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, postgres.database(t))
	})
}

// another returns the URL of another store of the same kind.
func another(t testing.TB, url string) string {
	t.Helper()
	if history.Remote(url) {
		return postgres.database(t)
	}
	return filepath.Join(t.TempDir(), history.Name)
}

// open opens a store for as long as the test runs.
func open(t testing.TB, url string) *history.Store {
	t.Helper()
	s := must.Get(history.Open(t.Context(), url))(t)
	t.Cleanup(func() { must.Do(t, s.Close()) })
	return s
}

// day is the time of the evidence of a day of 2026.
func day(n int) time.Time { return time.Date(2026, 1, n, 6, 0, 0, 0, time.UTC) }

// sample returns an assessment of a day in which so many of ten users comply.
func sample(tenant string, n int, compliant int64) *engine.Assessment {
	users := action("AdminMFA", "identity", 10_00)
	users.Kind, users.Coverage = "coverage", &engine.Coverage{Compliant: compliant, InScope: 10, Records: 12}
	users.Failing = &engine.Failing{Total: 10 - compliant, Shown: []engine.Record{}}
	users.Points.ByEvidence = score.Share(users.Points.Max, compliant, 10)
	users.Outcome = engine.Partial
	switch compliant {
	case 0:
		users.Outcome = engine.NotMet
	case 10:
		users.Outcome, users.Status = engine.Complete, engine.Completed
	}
	users.Points.Achieved = users.Points.ByEvidence
	accepted := action("BlockLegacy", "apps", 5_00)
	accepted.Status = engine.RiskAccepted
	scope := action("Licensed", "apps", 7_00)
	scope.Outcome = engine.NotApplicable
	preview := action("Preview", "identity", 0)
	preview.Stage = engine.Preview
	return assessment(tenant, day(n), users, accepted, scope, preview)
}

func action(id, category string, points engine.Points) engine.Action {
	return engine.Action{
		ID: id, Title: "Do " + id, Category: category, Product: "entra_id", Kind: "setting", Points: engine.ActionPoints{Max: points},
		Outcome: engine.NotMet, Status: engine.ToAddress, Reasons: []string{}, Missing: []string{}, Digest: digest("control " + id), Findings: []string{},
		Prerequisites: []engine.Prerequisite{}, Tier: "core", Difficulty: "low", UserImpact: "low", Complexity: "low", Threats: []string{},
		Frameworks: map[string][]string{},
	}
}

// assessment returns an assessment with the sum of some actions.
func assessment(tenant string, at time.Time, actions ...engine.Action) *engine.Assessment {
	a := &engine.Assessment{
		SchemaVersion: engine.SchemaVersion, Tenant: engine.Tenant{ID: tenant, Name: "Tenant " + tenant}, EvaluatedAt: at,
		Evidence: engine.Evidence{Digest: digest(at.String()), CollectedAt: at, Licenses: true, Datasets: []engine.Dataset{}},
		Catalog:  engine.Catalog{Version: "1", Digest: digest("catalog"), Controls: len(actions), Parameters: &engine.Parameters{File: "p.hcl", Digest: digest("parameters"), Base: digest("base")}},
		Register: &engine.Register{Digest: digest("register"), Decisions: 1}, Engine: engine.Version{Version: "1.2.3"},
		Findings: []string{}, Actions: actions,
	}
	for i := range actions {
		if actions[i].Counts() {
			a.Score.Achieved += actions[i].Points.Achieved
			a.Score.Total += actions[i].Points.Max
		}
	}
	a.Score.AssessedTotal = a.Score.Total
	a.Score.Percent = score.Percent(a.Score.Achieved, a.Score.Total)
	a.Score.Planned = engine.View{Points: a.Score.Achieved, Percent: a.Score.Percent}
	a.Score.CurrentLicense = engine.View{Points: a.Score.Total, Percent: score.Full}
	a.Score.Achievable = a.Score.CurrentLicense
	a.Score.Categories, a.Score.Products = []engine.Category{}, []engine.Product{}
	return a
}

func digest(text string) string { return strings.Repeat(fmt.Sprintf("%08x", len(text)), 8) }

// record appends assessments and returns their entries.
func record(t testing.TB, s *history.Store, list ...*engine.Assessment) []history.Entry {
	t.Helper()
	var entries []history.Entry
	for _, a := range list {
		entry, isNew, err := s.Append(t.Context(), a, history.Posture)
		must.Do(t, err)
		if !isNew {
			t.Fatalf("entry %d was there already", entry.ID)
		}
		entries = append(entries, entry)
	}
	return entries
}

// all gathers what an iterator returns.
func all[V any](t testing.TB, seq func(func(V, error) bool)) []V {
	t.Helper()
	var values []V
	for value, err := range seq {
		must.Do(t, err)
		values = append(values, value)
	}
	return values
}
