package main

import (
	"context"
	"io"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// html is the format of a page for a browser.
const html = "html"

// historyKeys has record keys computed where a page for a browser has a history with such keys to compare with. For nothing else is what
// they cost on a large tenant spent.
func (f *assessFlags) historyKeys(ctx context.Context, options *engine.AssessOptions) error {
	if options.Verdicts != nil || !f.writes(html) {
		return nil
	}
	store, err := f.store.find(ctx, f.decisions.path)
	if err == nil && hasKeys(ctx, store) {
		options.Verdicts = new(engine.Verdicts)
	}
	return err
}

// file returns a function that writes an assessment as a file for a browser, with the history of its tenant if there is one. A saved
// assessment has its own decisions; the register is of evidence.
func (f *assessFlags) file(ctx context.Context, a *engine.Assessment, gates []gate.Verdict, verdicts *engine.Verdicts, saved bool) func(io.Writer) error {
	return func(w io.Writer) error {
		store, err := f.store.find(ctx, f.decisions.path)
		if err != nil {
			return err
		}
		cat, err := f.load(ctx)
		if err != nil {
			return err
		}
		options := snapshot.Options{
			Assessment: a, Verdicts: verdicts, Store: store, Register: f.decisions.path, Settings: func() (*settings.Settings, error) { return configured(ctx).settings, nil },
			Benchmark: snapshot.Benchmark{Path: f.benchmark.path, Cohort: f.benchmark.cohort}, Catalog: cat, Engine: engine.Options{Version: version()},
		}
		if saved {
			options.Register, options.Verdicts = "", nil
		}
		if a.Redaction != nil { // history, decisions and settings have names
			options.Store, options.Register, options.Settings, options.Benchmark = "", "", nil, snapshot.Benchmark{}
		}
		source, err := snapshot.Open(ctx, options)
		if err != nil {
			return err
		}
		defer func() { _ = source.Close() }() // it was only read
		shown, err := source.Snapshot(ctx, "")
		if err != nil {
			return err
		}
		renderer, err := page.New()
		if err != nil {
			return err
		}
		judged := *shown
		judged.Gates = gates
		return renderer.File(w, &judged)
	}
}
