// Package recorded assesses days of the invented year of a sample tenant, and keeps them in a history: what tests, pictures and
// demonstrations of a history rest on.
package recorded

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/tenant"
	"github.com/posture-score/posture/internal/tenant/year"
	"github.com/posture-score/posture/schemas"
)

// Days returns the days on which something happens, and in between every n-th: with n = 1 every day of the year.
func Days(n int) []int {
	happens := map[int]bool{1: true, year.Days: true}
	for _, event := range year.Events() {
		happens[event.Day] = true
	}
	var days []int
	for day := 1; day <= year.Days; day++ {
		if happens[day] || (year.Days-day)%n == 0 {
			days = append(days, day)
		}
	}
	return days
}

// Fill assesses days, which are in order, and appends them to a store with their verdicts.
func Fill(ctx context.Context, store *history.Store, days []int) error {
	dir, err := os.MkdirTemp("", "posture-year-")
	if err != nil {
		return fmt.Errorf("making a folder for the evidence of the year: %w", err)
	}
	defer os.RemoveAll(dir)
	r := recorder{dir: dir, engines: map[string]*engine.Engine{}}
	for _, day := range days {
		if err := r.record(ctx, store, day); err != nil {
			return fmt.Errorf("day %d of the year: %w", day, err)
		}
	}
	return nil
}

// recorder assesses days of the year.
type recorder struct {
	dir     string
	engines map[string]*engine.Engine // by what the catalog is made of
}

func (r *recorder) record(ctx context.Context, store *history.Store, day int) error {
	compiled, err := r.engine(ctx, day)
	if err != nil {
		return err
	}
	spec, err := tenant.New(year.Evidence(day))
	if err != nil {
		return err
	}
	dir := filepath.Join(r.dir, fmt.Sprint(day))
	if err := spec.Write(ctx, dir); err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bundle, err := evidence.Open(ctx, dir, evidence.DefaultLimits())
	if err != nil {
		return err
	}
	defer bundle.Close()
	decided, err := register.Read(register.Name, []byte(year.Register(day)))
	if err != nil {
		return err
	}
	verdicts := &engine.Verdicts{}
	a, err := compiled.Assess(ctx, bundle, engine.AssessOptions{Validate: engine.ValidateOff, Decisions: decided.Decisions(), Verdicts: verdicts})
	if err != nil {
		return err
	}
	_, _, err = store.AppendRecords(ctx, a, history.Posture, verdicts)
	return err
}

// engine returns the engine of a day's catalog and parameters.
func (r *recorder) engine(ctx context.Context, day int) (*engine.Engine, error) {
	files, parameters := year.Catalog(day), year.Parameters(day)
	key := fmt.Sprint(files, parameters)
	if e := r.engines[key]; e != nil {
		return e, nil
	}
	builtin, err := catalog.Builtin()
	if err != nil {
		return nil, err
	}
	sources := []catalog.Source{builtin}
	if len(files) > 0 {
		own, err := r.own(day, files)
		if err != nil {
			return nil, err
		}
		sources = append(sources, own)
	}
	datasets, err := schemas.Builtin()
	if err != nil {
		return nil, err
	}
	cat, err := catalog.Load(ctx, datasets, sources...)
	if err != nil {
		return nil, err
	}
	if parameters != "" {
		if cat, err = cat.WithParameters("parameters.hcl", []byte(parameters)); err != nil {
			return nil, err
		}
	}
	r.engines[key], err = engine.Compile(ctx, cat, engine.Options{})
	return r.engines[key], err
}

// own returns the organization's own catalog of a day.
func (r *recorder) own(day int, files map[string]string) (catalog.Source, error) {
	dir := filepath.Join(r.dir, fmt.Sprintf("catalog-%d", day))
	for path, text := range files {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return catalog.Source{}, err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return catalog.Source{}, err
		}
	}
	return catalog.Open(dir)
}
