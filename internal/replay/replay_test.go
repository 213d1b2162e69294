package replay_test

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/replay"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/internal/tenant/year"
	"github.com/posture-score/posture/schemas"
)

// moments makes what an assessment follows from on a day of the year. What is the same on several days is made once.
type moments struct {
	t       *testing.T
	engines map[string]*engine.Engine
	catalog map[*engine.Engine]*catalog.Catalog
}

func (m *moments) engine(catalogDay, parametersDay int) *engine.Engine {
	m.t.Helper()
	files, parameters := year.Catalog(catalogDay), year.Parameters(parametersDay)
	key := fmt.Sprint(files, parameters)
	if e := m.engines[key]; e != nil {
		return e
	}
	sources := []catalog.Source{must.Get(catalog.Builtin())(m.t)}
	if len(files) > 0 {
		dir := m.t.TempDir()
		for path, text := range files {
			must.Do(m.t, os.MkdirAll(filepath.Join(dir, filepath.Dir(path)), 0o755))
			must.Do(m.t, os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644))
		}
		sources = append(sources, must.Get(catalog.Open(dir))(m.t))
	}
	cat := must.Get(catalog.Load(m.t.Context(), must.Get(schemas.Builtin())(m.t), sources...))(m.t)
	if parameters != "" {
		cat = must.Get(cat.WithParameters("parameters.hcl", []byte(parameters)))(m.t)
	}
	e := must.Get(engine.Compile(m.t.Context(), cat, engine.Options{}))(m.t)
	m.engines[key], m.catalog[e] = e, cat
	return e
}

func (m *moments) side(day int) replay.Side {
	m.t.Helper()
	dir := filepath.Join(m.t.TempDir(), "bundle")
	must.Do(m.t, must.Get(tenant.New(year.Evidence(day)))(m.t).Write(m.t.Context(), dir))
	bundle := must.Get(evidence.Open(m.t.Context(), dir, evidence.DefaultLimits()))(m.t)
	m.t.Cleanup(func() { _ = bundle.Close() })
	decisions := must.Get(register.Read("register.hcl", []byte(year.Register(day))))(m.t).Decisions()
	return replay.Side{Engine: m.engine(day, day), Bundle: bundle, Decisions: decisions}
}

// TestYear holds that each event of a year is put down to its cause, and to nothing else, by the evidence of both days.
func TestYear(t *testing.T) {
	m := &moments{t: t, engines: map[string]*engine.Engine{}, catalog: map[*engine.Engine]*catalog.Catalog{}}
	for _, event := range year.Events() {
		t.Run(event.Name, func(t *testing.T) {
			sides := replay.Sides{Old: m.side(event.Day - 1), New: m.side(event.Day), Options: engine.AssessOptions{Validate: engine.ValidateOff}}
			sides.Catalog = m.catalog[sides.New.Engine]
			if year.Parameters(event.Day-1) != year.Parameters(event.Day) {
				sides.Parameters = m.engine(event.Day, event.Day-1)
			}
			a := must.Get(replay.Attribution(t.Context(), sides))(t)
			expect.Equal(t, []string{event.Cause}, causes(a))
			expect.Equalf(t, attribution.Amount{}, a.Residual, "residual")
		})
	}
}

// causes returns the causes of what changed, sorted.
func causes(a *attribution.Attribution) []string {
	var found []string
	for _, part := range a.Causes {
		if name := string(part.Cause); !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	slices.SortFunc(found, cmp.Compare[string])
	return found
}
