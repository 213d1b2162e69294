package snapshot_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// zipped writes files as an archive.
func zipped(t testing.TB, path string, files fs.FS) {
	t.Helper()
	file := must.Get(os.Create(path))(t)
	w := zip.NewWriter(file)
	must.Do(t, w.AddFS(files))
	must.Do(t, errors.Join(w.Close(), file.Close()))
}

// replace replaces a file as editors do: by another one under its name.
func replace(t testing.TB, path, text string) {
	t.Helper()
	must.Do(t, os.WriteFile(path+".new", []byte(text), 0o600))
	must.Do(t, os.Rename(path+".new", path))
}

const (
	planned  = "action \"AdminMFAV2\" {\n  status = \"planned\"\n}\n"
	accepted = "action \"AdminMFAV2\" {\n  status = \"risk_accepted\"\n  reason = \"tested\"\n}\n"
)

// TestRefresh shows what is there, and what was there before as long as that can't be read.
func TestRefresh(t *testing.T) {
	t.Parallel()
	o := options(t, copied(t))
	o.Register = filepath.Join(t.TempDir(), "register.hcl")
	source := open(t, o)
	first := current(t, source)
	must.Do(t, source.Refresh(t.Context()))
	if current(t, source) != first {
		t.Error("nothing has changed, and it is another snapshot")
	}
	replace(t, o.Register, planned)
	must.Do(t, source.Refresh(t.Context()))
	second := current(t, source)
	if second.Version == first.Version || second.Action("AdminMFAV2").Status != engine.Planned {
		t.Errorf("%+v", second.Action("AdminMFAV2"))
	}

	// Half a register.
	replace(t, o.Register, planned[:30])
	if err := source.Refresh(t.Context()); err == nil {
		t.Error("half a register is read")
	}
	stale := current(t, source)
	if stale.Problem == "" || stale.Version == second.Version || stale.Assessment != second.Assessment || stale.Register.Version != second.Register.Version {
		t.Errorf("%q %+v", stale.Problem, stale.Register)
	}
	if err := source.Refresh(t.Context()); err == nil || current(t, source).Version != stale.Version {
		t.Error("the same problem has another version")
	}
	replace(t, o.Register, planned)
	must.Do(t, source.Refresh(t.Context()))
	if mended := current(t, source); mended.Problem != "" || mended.Version != second.Version {
		t.Errorf("it is not what it was: %q", mended.Problem)
	}

	// Half the evidence.
	name := filepath.Join(o.Path, "manifest.json")
	manifest := string(must.Get(os.ReadFile(name))(t))
	replace(t, name, manifest[:len(manifest)/2])
	if err := source.Refresh(t.Context()); err == nil || current(t, source).Problem == "" || current(t, source).Assessment.Score.Total != first.Assessment.Score.Total {
		t.Error("half the evidence is shown")
	}
	must.Do(t, os.RemoveAll(o.Path))
	if err := source.Refresh(t.Context()); err == nil || !strings.Contains(current(t, source).Problem, "no such file") {
		t.Errorf("%v: %q", err, current(t, source).Problem)
	}

	// What is decided meanwhile is seen, so that the next who decides has seen it.
	before := current(t, source)
	replace(t, o.Register, accepted)
	if err := source.Refresh(t.Context()); err == nil {
		t.Error("evidence that is gone is read")
	}
	decided := current(t, source)
	if decided.Version == before.Version || decided.Live || decided.Register.Decisions["AdminMFAV2"].Status != engine.RiskAccepted {
		t.Errorf("%+v", decided.Register)
	}
	for _, a := range decided.Decided().Actions {
		if a.ID == "AdminMFAV2" && (a.Decision == nil || a.Decision.Status != engine.RiskAccepted) {
			t.Errorf("it shows %+v", a.Decision)
		}
	}
}

// TestReplacedStore follows a store that is replaced by another file.
func TestReplacedStore(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, other := filepath.Join(dir, "posture.db"), filepath.Join(dir, "other.db")
	record(t, path, assessed(t, nil))
	record(t, other, assessed(t, earlier(3)), assessed(t, earlier(1)))
	source := open(t, options(t, path))
	first := current(t, source)
	must.Do(t, os.Rename(other, path))
	must.Do(t, source.Refresh(t.Context()))
	if s := current(t, source); s.Version == first.Version || len(s.Past.Entries) != 2 {
		t.Errorf("%d entries", len(s.Past.Entries))
	}
	must.Do(t, os.Remove(path))
	if err := source.Refresh(t.Context()); err == nil || current(t, source).Problem == "" || len(current(t, source).Past.Entries) != 2 {
		t.Errorf("the store is gone: %v", err)
	}
}

// TestWatch tells of every change, wherever it is.
func TestWatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := options(t, copied(t))
	o.Register, o.Store = filepath.Join(dir, "register.hcl"), filepath.Join(dir, "posture.db")
	source := open(t, o)
	versions := make(chan string, 100)
	ctx, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		_ = source.Watch(ctx, func(tenant, version string) {
			if tenant != contosoID {
				t.Errorf("a change of %q", tenant)
			}
			versions <- version
		})
	})
	defer done.Wait()
	defer stop()
	last := current(t, source).Version
	next := func(what string) *snapshot.Snapshot {
		t.Helper()
		for {
			select {
			case last = <-versions:
			case <-time.After(30 * time.Second):
				t.Fatalf("%s: nothing is told", what)
			}
			if s := current(t, source); s.Version == last {
				return s
			}
		}
	}
	replace(t, o.Register, planned)
	expect.Equal(t, engine.Planned, next("a register that is new").Action("AdminMFAV2").Status)
	replace(t, o.Register, accepted)
	expect.Equal(t, engine.RiskAccepted, next("a register that is replaced").Action("AdminMFAV2").Status)
	replace(t, o.Register, "action {")
	if s := next("a broken register"); s.Problem == "" || s.Action("AdminMFAV2").Status != engine.RiskAccepted {
		t.Errorf("%q", s.Problem)
	}
	replace(t, o.Register, accepted)
	expect.Equal(t, "", next("a mended register").Problem)
	record(t, o.Store, assessed(t, earlier(3)))
	if s := next("a store that is new"); s.Since == nil {
		t.Error("nothing has changed since")
	}
	record(t, o.Store, assessed(t, earlier(2)))
	expect.Equal(t, 2, len(next("an entry").Past.Entries))
	must.Do(t, os.RemoveAll(o.Path))
	if s := next("evidence that is gone"); s.Problem == "" {
		t.Error("no problem")
	}
	must.Do(t, os.CopyFS(o.Path, os.DirFS(contoso)))
	expect.Equal(t, "", next("evidence that is back").Problem)
}

// TestWatchTenants tells of the list of tenants.
func TestWatchTenants(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posture.db")
	of := func(id string) *engine.Assessment {
		return assessed(t, func(a *engine.Assessment) { a.Tenant.ID = id })
	}
	record(t, path, of("a"), of("b"))
	source := open(t, options(t, path))
	must.Get(source.Snapshot(t.Context(), "b"))(t)
	told := make(chan string, 10)
	ctx, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() { _ = source.Watch(ctx, func(tenant, _ string) { told <- tenant }) })
	defer done.Wait()
	defer stop()
	time.Sleep(50 * time.Millisecond) // it has begun
	record(t, path, of("c"))
	expect.Equal(t, "", <-told)
}

// TestConcurrent reads, writes and refreshes at once: every snapshot is of one state, and of the register and the assessment alike.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	o := options(t, copied(t))
	o.Register = filepath.Join(t.TempDir(), "register.hcl")
	replace(t, o.Register, planned)
	source := open(t, o)
	var done sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		done.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				s, err := source.Snapshot(t.Context(), "")
				if err != nil {
					t.Error(err)
					return
				}
				if want := s.Register.Decisions["AdminMFAV2"].Status; s.Action("AdminMFAV2").Status != want {
					t.Errorf("a mixture: %s and %s", want, s.Action("AdminMFAV2").Status)
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	for i := range 6 {
		replace(t, o.Register, []string{planned, accepted}[i%2])
		var refreshes sync.WaitGroup
		for range 2 {
			refreshes.Go(func() {
				if err := source.Refresh(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		refreshes.Wait()
		expect.Equal(t, []engine.Status{engine.Planned, engine.RiskAccepted}[i%2], current(t, source).Action("AdminMFAV2").Status)
	}
	close(stop)
	done.Wait()
}

// TestManyTenants keeps the snapshots of some.
func TestManyTenants(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posture.db")
	small := assessed(t, func(a *engine.Assessment) { a.Actions = a.Actions[:3] })
	text := must.Get(json.Marshal(small))(t)
	var list []*engine.Assessment
	for i := range 40 {
		var a engine.Assessment
		must.Do(t, json.Unmarshal(text, &a))
		a.Tenant = engine.Tenant{ID: "t" + string(rune('0'+i/10)) + string(rune('0'+i%10))}
		list = append(list, &a)
	}
	record(t, path, list...)
	source := open(t, options(t, path))
	first := must.Get(source.Snapshot(t.Context(), "t00"))(t)
	for _, a := range list {
		must.Get(source.Snapshot(t.Context(), a.Tenant.ID))(t)
	}
	again := must.Get(source.Snapshot(t.Context(), "t00"))(t)
	if again == first {
		t.Error("every snapshot is kept")
	}
	expect.Equal(t, first.Version, again.Version)
}

// TestCancelled ends at once.
func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := snapshot.Open(ctx, options(t, contoso)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	source := open(t, options(t, contoso))
	if err := source.Refresh(ctx); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := source.Watch(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestZones gives the list of tenants other zones, though no tenant has been looked at.
func TestZones(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posture.db")
	record(t, path, assessed(t, nil), assessed(t, func(a *engine.Assessment) { a.Tenant.ID = "b" }))
	o := options(t, path)
	zones := &settings.Zones{Good: 100_00, Okay: 99_00}
	o.Settings = func() (*settings.Settings, error) { return &settings.Settings{Zones: zones}, nil }
	source := open(t, o)
	zone := func() (settings.Zone, string) {
		list, _, err := source.Tenants(t.Context(), snapshot.Query{Limit: 1})
		must.Do(t, err)
		return list[0].Zone, source.TenantsVersion(t.Context())
	}
	first, before := zone()
	zones = &settings.Zones{Good: 1_00}
	must.Do(t, source.Refresh(t.Context()))
	second, after := zone()
	expect.Equal(t, []settings.Zone{settings.Bad, settings.Good}, []settings.Zone{first, second})
	if before == after {
		t.Error("the list has the same version")
	}
}

// TestDamagedStore reads stores in which bytes were overwritten: it shows what is sound, or says what is wrong.
func TestDamagedStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "posture.db")
	record(t, path, assessed(t, earlier(2)), assessed(t, earlier(1)), assessed(t, nil))
	sound := must.Get(os.ReadFile(path))(t)
	random := rand.New(rand.NewPCG(1, 15))
	failed := 0
	for range 12 {
		text := bytes.Clone(sound)
		at := 100 + random.IntN(len(text)-100)
		for i := at; i < min(at+2000, len(text)); i++ {
			text[i] = byte(random.Uint32())
		}
		name := filepath.Join(t.TempDir(), "posture.db")
		must.Do(t, os.WriteFile(name, text, 0o600))
		source, err := snapshot.Open(t.Context(), options(t, name))
		if err != nil {
			failed++
			continue
		}
		if s := current(t, source); s.Assessment == nil || s.Past == nil {
			t.Errorf("damaged at %d: half a snapshot", at)
		}
		_ = source.Close() // it may be damaged where it is closed
	}
	if failed == 0 {
		t.Error("no store was damaged")
	}
	truncated := filepath.Join(t.TempDir(), "posture.db")
	must.Do(t, os.WriteFile(truncated, sound[:len(sound)/2], 0o600))
	if _, err := snapshot.Open(t.Context(), options(t, truncated)); err == nil {
		t.Error("half a store is shown")
	}
}
