package snapshot_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/schemas"
)

// compiled is the built-in catalog, which is loaded once for all tests.
var compiled = sync.OnceValues(func() (*catalog.Catalog, error) {
	registry, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	source, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	return catalog.Load(context.Background(), registry, source)
})

// contoso is the sample tenant.
const (
	contoso   = "../../testdata/contoso"
	contosoID = "14d2afb5-4883-4247-84ff-219e72010db8"
)

// clock is a time that a test sets.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// today is the day of tests.
func today() time.Time { return time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC) }

// options are those of a source over a path, in a folder that is the test's own.
func options(t testing.TB, path string) snapshot.Options {
	t.Helper()
	return snapshot.Options{
		Path: path, Catalog: must.Get(compiled())(t), Engine: engine.Options{Version: "1.2.3"}, Now: today,
		Import: importer.Options{Importers: builtin.Importers(), Limits: evidence.DefaultLimits()},
	}
}

// open opens a source for as long as the test runs.
func open(t testing.TB, o snapshot.Options) *snapshot.Source {
	t.Helper()
	s := must.Get(snapshot.Open(t.Context(), o))(t)
	t.Cleanup(func() { must.Do(t, s.Close()) })
	return s
}

// current returns the snapshot of the only tenant.
func current(t testing.TB, s *snapshot.Source) *snapshot.Snapshot {
	t.Helper()
	return must.Get(s.Snapshot(t.Context(), ""))(t)
}

// copied returns a copy of the sample tenant, which a test may change.
func copied(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "evidence")
	must.Do(t, os.CopyFS(dir, os.DirFS(contoso)))
	return dir
}

// sample is the assessment of the sample tenant as JSON, which is made once for all tests.
var sample = sync.OnceValues(func() ([]byte, error) {
	cat, err := compiled()
	if err != nil {
		return nil, err
	}
	e, err := engine.Compile(context.Background(), cat, engine.Options{Version: "1.2.3"})
	if err != nil {
		return nil, err
	}
	bundle, err := evidence.Open(context.Background(), contoso, evidence.DefaultLimits())
	if err != nil {
		return nil, err
	}
	defer func() { _ = bundle.Close() }()
	a, err := e.Assess(context.Background(), bundle, engine.AssessOptions{})
	if err != nil {
		return nil, err
	}
	return json.Marshal(a)
})

// assessed returns the assessment of the sample tenant, changed by a function.
func assessed(t testing.TB, change func(*engine.Assessment)) *engine.Assessment {
	t.Helper()
	var a engine.Assessment
	must.Do(t, json.Unmarshal(must.Get(sample())(t), &a))
	if change != nil {
		change(&a)
	}
	return &a
}

// earlier makes an assessment that of a number of days before, with one action that had not been completed.
func earlier(days int) func(*engine.Assessment) {
	return func(a *engine.Assessment) {
		a.EvaluatedAt = a.EvaluatedAt.AddDate(0, 0, -days)
		a.Evidence.CollectedAt = a.EvaluatedAt
		a.Evidence.Digest = fmt.Sprintf("%064d", days)
		for i := range a.Actions {
			if action := &a.Actions[i]; action.Outcome == engine.Complete && action.Counts() && action.Kind == "setting" {
				a.Score.Achieved -= action.Points.Achieved
				action.Points.Achieved, action.Points.ByEvidence = 0, 0
				action.Outcome, action.Status = engine.NotMet, engine.ToAddress
				break
			}
		}
	}
}

// record appends assessments to a store.
func record(t testing.TB, url string, list ...*engine.Assessment) {
	t.Helper()
	store := must.Get(history.Open(t.Context(), url))(t)
	for _, a := range list {
		_, _, err := store.Append(t.Context(), a, history.Posture)
		must.Do(t, err)
	}
	must.Do(t, store.Close())
}

// save writes an assessment as a file.
func save(t testing.TB, path string, a *engine.Assessment) {
	t.Helper()
	must.Do(t, os.WriteFile(path, must.Get(json.Marshal(a))(t), 0o600))
}

func TestEvidence(t *testing.T) {
	t.Parallel()
	register := filepath.Join(t.TempDir(), "register.hcl")
	must.Do(t, os.WriteFile(register, []byte("action \"AdminMFAV2\" {\n  status = \"planned\"\n}\n"), 0o600))
	o := options(t, contoso)
	o.Register = register
	o.Settings = func() (*settings.Settings, error) {
		return &settings.Settings{Zones: &settings.Zones{Good: 80_00, Okay: 40_00}}, nil
	}
	o.Benchmark = snapshot.Benchmark{Path: settings.Microsoft}
	s := current(t, open(t, o))
	if !s.Live || s.Past != nil || s.Since != nil || s.Problem != "" || s.Tenants != 1 || !s.Now.Equal(today()) {
		t.Errorf("%+v", s)
	}
	if a := s.Action("AdminMFAV2"); a == nil || a.Decision == nil || a.Decision.Status != engine.Planned || s.Register.Decisions["AdminMFAV2"].Status != engine.Planned {
		t.Errorf("the decision has no effect: %+v", a)
	}
	if s.Comparison == nil || len(s.Comparison.Cohorts) == 0 {
		t.Errorf("the comparison is %+v", s.Comparison)
	}
	expect.Equal(t, 64, len(s.Register.Version))
	expect.Equal(t, register, s.Register.Path)
}

// TestManyFail pages through more failing records than an assessment names.
func TestManyFail(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	invented := must.Get(tenant.New(tenant.Spec{Name: "large", Profile: "bad", Users: 3000, Seed: 1, CollectedAt: tenant.CollectedAt(), Settings: []string{"scid-25"}}))(t)
	must.Do(t, invented.Write(t.Context(), dir))
	s := current(t, open(t, options(t, dir)))
	most := &s.Assessment.Actions[0]
	for i := range s.Assessment.Actions {
		if a := &s.Assessment.Actions[i]; a.Failing != nil && (most.Failing == nil || a.Failing.Total > most.Failing.Total) {
			most = a
		}
	}
	if most.Failing == nil || most.Failing.Total < 1000 || len(most.Failing.Shown) != 100 {
		t.Fatalf("%s has too few failing records", most.ID)
	}
	var all []engine.Record
	for {
		records, known, err := s.Failing(t.Context(), most.ID, len(all), 300)
		must.Do(t, err)
		expect.Equal(t, most.Failing.Total, known)
		if len(records) == 0 {
			break
		}
		all = append(all, records...)
	}
	expect.Equal(t, most.Failing.Shown, all[:100])
	seen := map[string]bool{}
	for _, r := range all {
		seen[r.Key] = true
	}
	expect.Equal(t, int(most.Failing.Total), len(seen))
}

// TestVersion is the same for the same input, and another one for each other input.
func TestVersion(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	version := func(name string, change func(*snapshot.Options)) {
		t.Helper()
		var first string
		for range 2 {
			o := options(t, contoso)
			change(&o)
			v := current(t, open(t, o)).Version
			if first != "" && v != first {
				t.Errorf("%s: the same has the versions %s and %s", name, first, v)
			}
			first = v
		}
		if other, ok := seen[first]; ok {
			t.Errorf("%s has the version of %s", name, other)
		}
		seen[first] = name
	}
	register := filepath.Join(t.TempDir(), "register.hcl")
	must.Do(t, os.WriteFile(register, []byte("action \"AdminMFAV2\" {\n  status = \"planned\"\n}\n"), 0o600))
	store := filepath.Join(t.TempDir(), "posture.db")
	record(t, store, assessed(t, earlier(3)))
	version("plain", func(*snapshot.Options) {})
	version("a day later", func(o *snapshot.Options) { o.Now = func() time.Time { return today().AddDate(0, 0, 1) } })
	version("another program", func(o *snapshot.Options) { o.Engine.Version = "1.2.4" })
	version("a register", func(o *snapshot.Options) { o.Register = register })
	version("a benchmark", func(o *snapshot.Options) { o.Benchmark.Path = settings.Microsoft })
	version("zones", func(o *snapshot.Options) {
		o.Settings = func() (*settings.Settings, error) {
			return &settings.Settings{Zones: &settings.Zones{Good: 80_00}}, nil
		}
	})
	version("a history", func(o *snapshot.Options) { o.Store = store })
	later := options(t, contoso)
	later.Now = func() time.Time { return today().Add(time.Hour) }
	if v := current(t, open(t, later)).Version; seen[v] != "plain" {
		t.Errorf("an hour later it has the version of %q", seen[v])
	}
}

// TestNextDay has another version and time on the next day, without anything being read again.
func TestNextDay(t *testing.T) {
	t.Parallel()
	c := &clock{at: today()}
	o := options(t, contoso)
	o.Now = c.now
	source := open(t, o)
	first := current(t, source)
	c.set(today().Add(6 * time.Hour))
	if current(t, source) != first {
		t.Error("it is another snapshot on the same day")
	}
	c.set(today().AddDate(0, 0, 1))
	second := current(t, source)
	if second.Version == first.Version || !second.Now.Equal(c.now()) || second.Assessment != first.Assessment {
		t.Errorf("%s %s %v", first.Version, second.Version, second.Now)
	}
	o.Now = nil
	fixed := current(t, open(t, o))
	if !fixed.Now.Equal(fixed.Assessment.EvaluatedAt) {
		t.Errorf("without a clock it is %v", fixed.Now)
	}
}

// TestHistoryOfEvidence joins the assessment to its history.
func TestHistoryOfEvidence(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "posture.db")
	o := options(t, contoso)
	o.Store = store
	source := open(t, o) // it is not there yet
	if s := current(t, source); s.Past != nil || s.Since != nil {
		t.Errorf("%+v", s.Past)
	}
	record(t, store, assessed(t, earlier(9)), assessed(t, earlier(2)))
	must.Do(t, source.Refresh(t.Context()))
	s := current(t, source)
	if s.Past == nil || len(s.Past.Entries) != 2 || len(s.Past.Changes) != 1 || len(s.Past.Trend.Points) != 3 {
		t.Fatalf("%+v", s.Past)
	}
	if s.Since == nil || s.Since.Change.Points <= 0 || !s.Since.Old.EvaluatedAt.Equal(s.Past.Entries[1].EvaluatedAt) {
		t.Fatalf("%+v", s.Since)
	}
	expect.Equal(t, int(s.Since.Change.Points), int(s.Past.Trend.Points[2].Gained))
	for i, entry := range s.Past.Entries { // the categories add up to the score
		var sum snapshot.Share
		for _, category := range s.Past.Categories {
			sum.Achieved += category.Shares[i].Achieved
			sum.Total += category.Shares[i].Total
		}
		expect.Equal(t, snapshot.Share{Achieved: entry.Score.Achieved, Total: entry.Score.Total}, sum)
	}

	// Once it is recorded, it is the last entry, and changed what that did.
	since := s.Since.Change
	record(t, store, assessed(t, nil))
	must.Do(t, source.Refresh(t.Context()))
	s = current(t, source)
	if len(s.Past.Entries) != 3 || len(s.Past.Trend.Points) != 3 {
		t.Errorf("%d entries, %d points", len(s.Past.Entries), len(s.Past.Trend.Points))
	}
	expect.Equal(t, since, s.Since.Change)

	// What came later is not what it changed from.
	record(t, store, assessed(t, earlier(-5)))
	must.Do(t, source.Refresh(t.Context()))
	s = current(t, source)
	expect.Equal(t, since, s.Since.Change)
	expect.Equal(t, 4, len(s.Past.Trend.Points))
}

// TestRecordKeys tells record by record what changed, if the history has record keys.
func TestRecordKeys(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "posture.db")
	cat := must.Get(compiled())(t)
	e := must.Get(engine.Compile(t.Context(), cat, engine.Options{Version: "1.2.3"}))(t)
	bundle := must.Get(evidence.Open(t.Context(), contoso, evidence.DefaultLimits()))(t)
	defer bundle.Close()
	verdicts := new(engine.Verdicts)
	a := must.Get(e.Assess(t.Context(), bundle, engine.AssessOptions{Verdicts: verdicts, Now: bundle.Manifest().CollectedAt.AddDate(0, 0, -1)}))(t)
	h := must.Get(history.Open(t.Context(), store))(t)
	_, _, err := h.AppendRecords(t.Context(), a, history.Posture, verdicts)
	must.Do(t, errors.Join(err, h.Close()))
	o := options(t, contoso)
	o.Store = store
	expect.Equal(t, "records", string(current(t, open(t, o)).Since.Method))

	// So does an assessment that was made just now.
	now := new(engine.Verdicts)
	o.Path, o.Assessment, o.Verdicts = "", must.Get(e.Assess(t.Context(), bundle, engine.AssessOptions{Verdicts: now}))(t), now
	expect.Equal(t, "records", string(current(t, open(t, o)).Since.Method))
}

func TestStore(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "posture.db")
	record(t, store, assessed(t, earlier(9)), assessed(t, earlier(2)), assessed(t, nil))
	o := options(t, store)
	o.Register = filepath.Join(t.TempDir(), "register.hcl")
	s := current(t, open(t, o))
	if s.Live || len(s.Past.Entries) != 3 || len(s.Past.Changes) != 2 || len(s.Past.Trend.Points) != 3 || s.Since.Change != s.Past.Changes[1].Attribution.Change {
		t.Errorf("%+v", s)
	}
	expect.Equal(t, assessed(t, nil).Score, s.Assessment.Score)
	expect.Equal(t, snapshot.Register{Path: o.Register}, s.Register)
	for _, action := range s.Assessment.Actions {
		if action.Failing == nil || len(action.Failing.Shown) == 0 {
			continue
		}
		list, known, err := s.Failing(t.Context(), action.ID, 0, 1)
		must.Do(t, err)
		expect.Equal(t, action.Failing.Shown[:1], list)
		expect.Equal(t, int64(len(action.Failing.Shown)), known)
		break
	}
}

// TestPruned shows the latest assessment that is kept, and scores alone of those that are not.
func TestPruned(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posture.db")
	record(t, path, assessed(t, earlier(3)), assessed(t, earlier(2)), assessed(t, nil))
	store := must.Get(history.Open(t.Context(), path))(t)
	must.Get(store.Prune(t.Context(), contosoID, settings.Keep{{Period: "yearly", Count: 1}}, false))(t)
	must.Do(t, store.Close())
	s := current(t, open(t, options(t, path)))
	if len(s.Past.Entries) != 3 || len(s.Past.Changes) != 0 || !s.Past.Trend.Points[1].ScoreOnly || s.Since != nil {
		t.Errorf("%+v", s.Past)
	}
}

func TestSaved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	yesterday := options(t, contoso)
	yesterday.Assess.Now = assessed(t, nil).EvaluatedAt.AddDate(0, 0, -1)
	save(t, filepath.Join(dir, "b.json"), current(t, open(t, yesterday)).Assessment)
	one := current(t, open(t, options(t, filepath.Join(dir, "b.json"))))
	if one.Past != nil || one.Since != nil || one.Live {
		t.Errorf("%+v", one)
	}
	save(t, filepath.Join(dir, "a.json"), assessed(t, nil))
	source := open(t, options(t, dir))
	s := current(t, source)
	if len(s.Past.Entries) != 2 || len(s.Past.Changes) != 1 || s.Since == nil || s.Assessment.EvaluatedAt.Before(one.Assessment.EvaluatedAt) {
		t.Errorf("%+v", s.Past)
	}
	save(t, filepath.Join(dir, "c.json"), assessed(t, func(a *engine.Assessment) { a.Tenant = engine.Tenant{ID: "another", Name: "Another"} }))
	must.Do(t, source.Refresh(t.Context()))
	if !source.Several() {
		t.Error("there are two tenants now")
	}
	other := must.Get(source.Snapshot(t.Context(), "another"))(t)
	expect.Equal(t, 2, other.Tenants)
	list, count, err := source.Tenants(t.Context(), snapshot.Query{Limit: 1, Sort: "change", Descending: true})
	must.Do(t, err)
	if count != 2 || list[0].ID != contosoID || list[0].Change == nil {
		t.Errorf("%d: %+v", count, list)
	}
	if _, err := source.Snapshot(t.Context(), ""); !errors.Is(err, snapshot.ErrUnknownTenant) {
		t.Errorf("no tenant of several: %v", err)
	}
}

func TestStdin(t *testing.T) {
	t.Parallel()
	o := options(t, importer.Stdin)
	o.Stdin = strings.NewReader(string(must.Get(json.Marshal(assessed(t, nil)))(t)))
	expect.Equal(t, contosoID, current(t, open(t, o)).Tenant.ID)
	o = options(t, importer.Stdin)
	o.Stdin = must.Get(os.Open(archive(t)))(t)
	o.Register = filepath.Join(t.TempDir(), "register.hcl")
	source := open(t, o)
	first := current(t, source)
	must.Do(t, os.WriteFile(o.Register, []byte("action \"AdminMFAV2\" {\n  status = \"planned\"\n}\n"), 0o600))
	must.Do(t, source.Refresh(t.Context())) // it can't be read again, and is assessed again
	if second := current(t, source); second.Version == first.Version || second.Action("AdminMFAV2").Decision == nil {
		t.Error("the decision has no effect")
	}
}

// archive packs the sample tenant.
func archive(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "contoso.zip")
	zipped(t, path, os.DirFS(contoso))
	return path
}

// TestAssessment shows an assessment that is at hand.
func TestAssessment(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "posture.db")
	record(t, store, assessed(t, earlier(2)))
	o := options(t, "is not read")
	o.Assessment, o.Store = assessed(t, nil), store
	s := current(t, open(t, o))
	if !s.Live || s.Since == nil || len(s.Past.Trend.Points) != 2 {
		t.Errorf("%+v", s)
	}
}

func TestTenants(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "posture.db")
	record(t, store, assessed(t, nil), assessed(t, earlier(-2)))
	o := options(t, store)
	o.Register = filepath.Join(t.TempDir(), "register.hcl")
	source := open(t, o)
	expect.Equal(t, o.Register, current(t, source).Register.Path)
	other := assessed(t, func(a *engine.Assessment) { a.Tenant = engine.Tenant{ID: "b", Name: "B"} })
	record(t, store, other)
	must.Do(t, source.Refresh(t.Context()))
	list, count, err := source.Tenants(t.Context(), snapshot.Query{Limit: 5, Sort: history.ByScore})
	must.Do(t, err)
	expect.Equal(t, 2, count)
	if list[0].ID != contosoID || list[0].Change == nil || len(list[0].Regressions) != 1 || list[0].Regressions[0].Points >= 0 || list[0].Regressions[0].Title == "" {
		t.Errorf("%+v", list[0])
	}
	b := must.Get(source.Snapshot(t.Context(), "b"))(t)
	expect.Equal(t, 2, b.Tenants)
	expect.Equal(t, "", b.Register.Path) // it would be the decisions of another tenant
	upper := must.Get(source.Snapshot(t.Context(), strings.ToUpper(contosoID)))(t)
	expect.Equal(t, contosoID, upper.Tenant.ID)
	if _, err := source.Snapshot(t.Context(), "c"); !errors.Is(err, snapshot.ErrUnknownTenant) {
		t.Errorf("an unknown tenant: %v", err)
	}
	// Of evidence there is one.
	list, count, err = open(t, options(t, contoso)).Tenants(t.Context(), snapshot.Query{Limit: 5})
	must.Do(t, err)
	if count != 1 || list[0].ID != contosoID {
		t.Errorf("%d: %+v", count, list)
	}
}

// TestOpen says what can't be shown.
func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	store := filepath.Join(dir, "empty.db")
	record(t, store)
	must.Do(t, os.WriteFile(filepath.Join(dir, "other.db"), append([]byte("SQLite format 3\x00"), make([]byte, 5000)...), 0o600))
	must.Do(t, os.WriteFile(filepath.Join(dir, "register.hcl"), []byte("action {"), 0o600))
	must.Do(t, os.WriteFile(filepath.Join(dir, "half.json"), []byte(`{"schema_version":"2","score":{},"actions":[`), 0o600))
	for name, test := range map[string]struct {
		change func(*snapshot.Options)
		want   string
	}{
		"nothing": {func(o *snapshot.Options) { o.Path = filepath.Join(dir, "none") }, "no such file"},
		"no store yet": {func(o *snapshot.Options) {
			o.Path, o.Store = filepath.Join(dir, "none.db"), filepath.Join(dir, "none.db")
		}, "there is no store"},
		"an empty store":     {func(o *snapshot.Options) { o.Path = store }, "has no assessment yet"},
		"no store of ours":   {func(o *snapshot.Options) { o.Path = filepath.Join(dir, "other.db") }, "opening the store"},
		"no server":          {func(o *snapshot.Options) { o.Path = "postgres://u:secret@127.0.0.1:1/db?connect_timeout=2" }, "opening the store postgres://127.0.0.1:1/db"},
		"a broken register":  {func(o *snapshot.Options) { o.Register = filepath.Join(dir, "register.hcl") }, "register.hcl"},
		"half an assessment": {func(o *snapshot.Options) { o.Path = filepath.Join(dir, "half.json") }, "half.json"},
		"settings that fail": {func(o *snapshot.Options) {
			o.Settings = func() (*settings.Settings, error) { return nil, errors.New("unreadable") }
		}, "unreadable"},
		"a cohort of nothing": {func(o *snapshot.Options) { o.Benchmark.Cohort = "x" }, "none is named"},
		"no such benchmark":   {func(o *snapshot.Options) { o.Benchmark.Path = filepath.Join(dir, "none.json") }, "none.json"},
		"a history elsewhere": {func(o *snapshot.Options) { o.Store = filepath.Join(dir, "other.db") }, "opening the store"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t, contoso)
			test.change(&o)
			s, err := snapshot.Open(t.Context(), o)
			if err == nil {
				must.Do(t, s.Close())
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("%v; want %q", err, test.want)
			}
		})
	}
}

// TestTenantsVersion is another one once a tenant has another assessment, or on another day.
func TestTenantsVersion(t *testing.T) {
	t.Parallel()
	store := filepath.Join(t.TempDir(), "posture.db")
	record(t, store, assessed(t, earlier(3)))
	c := &clock{at: today()}
	o := options(t, store)
	o.Now = c.now
	source := open(t, o)
	first := source.TenantsVersion(t.Context())
	expect.Equal(t, first, source.TenantsVersion(t.Context()))
	record(t, store, assessed(t, nil))
	second := source.TenantsVersion(t.Context())
	c.set(today().AddDate(0, 0, 1))
	if third := source.TenantsVersion(t.Context()); first == second || third == second {
		t.Error(first, second, third)
	}
}
