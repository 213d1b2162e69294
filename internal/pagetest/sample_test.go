package pagetest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/internal/tenant/year"
	"github.com/posture-score/posture/schemas"
)

// What all tests of the package share, made when the first one asks for it.
var (
	chromium browser.Browser
	contoso  = sample{every: fourWeeks}
)

func TestMain(m *testing.M) {
	code := chromium.Main(m)
	if err := contoso.remove(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// sample is the sample tenant with a year of history.
type sample struct {
	once    sync.Once
	every   int    // days between assessments
	dir     string // has the store, the evidence and the register of the last day
	catalog *catalog.Catalog
	engine  *engine.Engine
	shown   *snapshot.Snapshot
	err     error
}

func (s *sample) remove() error {
	if s.dir == "" {
		return nil
	}
	return os.RemoveAll(s.dir)
}

// snapshot returns the tenant as it is shown. Nobody may change it: see clone.
func (s *sample) snapshot(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	s.once.Do(func() { s.err = s.make(context.Background()) })
	must.Do(t, s.err)
	return s.shown
}

const fourWeeks = 28

func (s *sample) make(ctx context.Context) (err error) {
	if s.dir, err = os.MkdirTemp("", "pagetest"); err != nil {
		return err
	}
	known, err := schemas.Builtin()
	if err != nil {
		return err
	}
	builtin, err := catalog.Builtin()
	if err != nil {
		return err
	}
	if s.catalog, err = catalog.Load(ctx, known, builtin); err != nil {
		return err
	}
	if s.engine, err = engine.Compile(ctx, s.catalog, engine.Options{Version: "1.0.0"}); err != nil {
		return err
	}
	store, err := history.Open(ctx, filepath.Join(s.dir, history.Name))
	if err != nil {
		return err
	}
	for day := year.Days % s.every; day <= year.Days && err == nil; day += s.every {
		err = s.record(ctx, store, day)
	}
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	source, err := snapshot.Open(ctx, s.options(s.dir))
	if err != nil {
		return err
	}
	s.shown, err = source.Snapshot(ctx, "")
	return errors.Join(err, source.Close())
}

// options are those of a source with the evidence of the last day, the year, and a register in a folder.
func (s *sample) options(dir string) snapshot.Options {
	return snapshot.Options{
		Path: s.evidence(year.Days), Store: filepath.Join(s.dir, history.Name), Register: filepath.Join(dir, registerName),
		Settings: func() (*settings.Settings, error) {
			return settings.Read(filepath.Join(dir, settings.Name), []byte(organization))
		},
		Catalog: s.catalog, Engine: engine.Options{Version: "1.0.0"},
		Now: func() time.Time { return tenant.CollectedAt().Add(26 * time.Hour) },
	}
}

// evidence is the folder with the evidence of a day.
func (s *sample) evidence(day int) string { return filepath.Join(s.dir, fmt.Sprint(day)) }

// record assesses a day of the year.
func (s *sample) record(ctx context.Context, store *history.Store, day int) error {
	spec := year.Evidence(day)
	if day >= year.Days-s.every && day < year.Days { // so that the last assessment changed something
		at := spec.CollectedAt
		spec = year.Fortnight()
		spec.CollectedAt = at
	}
	invented, err := tenant.New(spec)
	if err != nil {
		return err
	}
	if err := invented.Write(ctx, s.evidence(day)); err != nil {
		return err
	}
	bundle, err := evidence.Open(ctx, s.evidence(day), evidence.DefaultLimits())
	if err != nil {
		return err
	}
	defer func() { _ = bundle.Close() }()
	text := []byte(year.Register(day))
	if day > year.Days-3*fourWeeks {
		text = append(text, decided...)
	}
	if err := os.WriteFile(filepath.Join(s.dir, registerName), text, 0o600); err != nil {
		return err
	}
	decisions, err := register.Read(registerName, text)
	if err != nil {
		return err
	}
	a, err := s.engine.Assess(ctx, bundle, engine.AssessOptions{Validate: engine.ValidateOff, Decisions: decisions.Decisions()})
	if err != nil {
		return err
	}
	_, _, err = store.Append(ctx, a, history.Posture)
	return err
}

const registerName = "register.hcl"

// decided is what the organization decided in the last weeks of the year, beside what the year has.
const decided = `
action "AATP_DormantAccounts" {
  status = "planned"
  reason = "goes with the review of privileged groups"
  owner  = "ada@contoso.example"
  due    = "2026-10-15"
  ticket = "SEC-412"
  tags   = ["q4", "board"]
}

action "AATP_PrintSpooler" {
  status = "planned"
  owner  = "ada@contoso.example"
  due    = "2026-09-20"
  tags   = ["q4"]
}

action "scid_2501" {
  status = "planned"
  owner  = "Endpoint team"
  due    = "2026-11-30"
}

action "MDA_Zoom_MFA" {
  status      = "risk_accepted"
  reason      = "Zoom is being replaced by Teams in spring"
  owner       = "Collaboration team"
  expires     = "2027-03-31"
  approved_by = "ciso@contoso.example"
  note {
    time   = "2026-08-03T09:30:00Z"
    author = "Ada <ada@contoso.example>"
    text   = "Contract ends on 31 March."
  }
}

action "exo_individualsharing" {
  status  = "risk_accepted"
  reason  = "sales shares calendars with customers"
  owner   = "Collaboration team"
  expires = "2026-10-20"
}
`

const organization = `
organization {
  name     = "Contoso"
  industry = "manufacturing"
  seats    = 60
}
zones {
  good = 70
  okay = 50
}
goal {
  percent = 75
  by      = "2027-03-31"
}
comparison {
  benchmark = "microsoft"
}
`
