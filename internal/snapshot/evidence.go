package snapshot

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/trend"
)

// fromEvidence assesses evidence, beside which there may be a history.
type fromEvidence struct {
	options *Options
	ledger  *ledger // nil without a history
	engine  *engine.Engine
	stdin   *evidence.Bundle // what was read of standard input; nil before, and for a path
	tenant  string           // of the last assessment

	// assumed is when evidence was collected that does not say it: when it was first seen like this.
	assumed   time.Time
	assumedOf string
}

func newEvidence(o *Options) *fromEvidence {
	e := &fromEvidence{options: o}
	if o.Store != "" {
		e.ledger = &ledger{url: o.Store}
	}
	return e
}

func (e *fromEvidence) fixed() bool {
	return e.options.Assessment != nil || e.options.Path == importer.Stdin
}

func (e *fromEvidence) mark(ctx context.Context, _ string) (files, head string) {
	if !e.fixed() {
		files = tree(e.options.Path)
	}
	if e.ledger != nil && e.tenant != "" {
		head = e.ledger.mark(ctx, e.tenant)
	}
	return files, head
}

func (e *fromEvidence) tenants(context.Context) ([]string, int, error) {
	return []string{e.tenant}, 1, nil
}

func (e *fromEvidence) folders() []string {
	var list []string
	if !e.fixed() {
		list = folders(e.options.Path)
	}
	if e.ledger != nil {
		list = append(list, e.ledger.folders()...)
	}
	return list
}

func (e *fromEvidence) close() error {
	var err error
	if e.stdin != nil {
		err = e.stdin.Close()
	}
	if e.ledger != nil {
		err = errors.Join(err, e.ledger.close())
	}
	return err
}

// read assesses the evidence, and says what changed against the history.
func (e *fromEvidence) read(ctx context.Context, tenant string, with *shared) (*found, error) {
	if tenant != "" && e.tenant != "" && !history.SameTenant(tenant, e.tenant) {
		return nil, ErrUnknownTenant
	}
	if a := e.options.Assessment; a != nil {
		e.tenant = a.Tenant.ID
		f := &found{assessment: a, live: true, tenants: 1, failing: newFailing().of(a)}
		return f, e.ledger.with(ctx, func(store *history.Store) error {
			keys, err := hasKeys(ctx, store, a.Tenant.ID)
			if err != nil {
				return err
			}
			if !keys {
				return f.compare(ctx, store, nil)
			}
			return f.compare(ctx, store, e.options.Verdicts)
		})
	}
	bundle, done, err := e.bundle(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	if err := e.compile(ctx); err != nil {
		return nil, err
	}
	f := &found{live: true, tenants: 1}
	err = e.ledger.with(ctx, func(store *history.Store) error {
		options, failing := e.options.Assess, newFailing()
		options.Decisions, options.Failures = with.decisions(), failing.add
		keys, err := hasKeys(ctx, store, bundle.Manifest().Tenant.ID)
		if err != nil {
			return err
		}
		if keys {
			options.Verdicts = new(engine.Verdicts)
		}
		if f.assessment, err = e.engine.Assess(ctx, bundle, options); err != nil {
			return err
		}
		failing.close()
		f.failing = failing.of(f.assessment)
		return f.compare(ctx, store, options.Verdicts)
	})
	if err != nil {
		return nil, err
	}
	e.tenant = f.assessment.Tenant.ID
	return f, nil
}

// bundle opens the evidence, until done is called.
func (e *fromEvidence) bundle(ctx context.Context) (bundle *evidence.Bundle, done func(), err error) {
	if e.stdin != nil {
		return e.stdin, func() {}, nil
	}
	options := e.options.Import
	options.CollectedAt = cmp.Or(options.CollectedAt, e.options.Assess.Now)
	if options.CollectedAt.IsZero() {
		if state := tree(e.options.Path); e.assumed.IsZero() || state != e.assumedOf {
			e.assumed, e.assumedOf = e.options.now().UTC().Truncate(time.Second), state
		}
		options.Now = e.assumed
	}
	in := e.options.Stdin
	if in == nil {
		in = strings.NewReader("")
	}
	if bundle, err = options.Open(ctx, e.options.Path, in); err != nil {
		return nil, nil, err
	}
	if e.options.Path == importer.Stdin {
		e.stdin = bundle
		return bundle, func() {}, nil
	}
	return bundle, func() { _ = bundle.Close() }, nil // it was only read
}

// compile compiles the catalog, once.
func (e *fromEvidence) compile(ctx context.Context) (err error) {
	if e.engine == nil {
		e.engine, err = engine.Compile(ctx, e.options.Catalog, e.options.Engine)
	}
	return err
}

// hasKeys reports whether the last entry of a tenant in a store, which may be nil, has record keys.
func hasKeys(ctx context.Context, store *history.Store, tenant string) (bool, error) {
	if store == nil || tenant == "" {
		return false, nil
	}
	for entry, err := range store.Entries(ctx, history.Filter{Tenant: tenant, Newest: true}) {
		if err != nil {
			return false, err
		}
		if !entry.Pruned {
			return entry.Digests.Records != "", nil
		}
	}
	return false, nil
}

// compare adds what a store, which may be nil, has of the tenant, and what changed since its last other assessment up to now.
func (f *found) compare(ctx context.Context, store *history.Store, verdicts *engine.Verdicts) error {
	a := f.assessment
	if store == nil || a.Tenant.ID == "" {
		return nil
	}
	var err error
	if f.head, err = store.Head(ctx, a.Tenant.ID); err != nil {
		return err
	}
	f.state = f.head
	record, err := ReadRecord(ctx, store, history.Filter{Tenant: a.Tenant.ID})
	if err != nil || len(record.Entries) == 0 {
		return err
	}
	f.record = record
	this, err := history.EntryOf(0, a)
	if err != nil {
		return err
	}
	if same := record.last(func(e *history.Entry) bool { return e.Content == this.Content }); same != nil {
		f.since = record.change(same.ID)
		return nil
	}
	f.joins = !this.EvaluatedAt.Before(record.Entries[len(record.Entries)-1].EvaluatedAt)
	before := record.last(func(e *history.Entry) bool { return !e.EvaluatedAt.After(this.EvaluatedAt) })
	if before == nil {
		return nil
	}
	old := history.Recorded{}
	if old.Assessment, err = store.Assessment(ctx, before.Tenant.ID, before.ID); err != nil {
		return err
	}
	if verdicts != nil {
		if old.Verdicts, err = store.Verdicts(ctx, before.Tenant.ID, before.ID); err != nil {
			return err
		}
	}
	if f.since, err = history.Compare(old, history.Recorded{Assessment: a, Verdicts: verdicts}); err != nil || !f.joins {
		return err
	}
	for i := len(record.Moments) - 1; i >= 0 && record.Entries[i].ID != before.ID; i-- {
		record.Moments[i].Parts = []attribution.Part{} // told with the assessment
	}
	record.Moments = append(record.Moments, trend.Moment{At: a.EvaluatedAt, Score: a.Score, Accepted: trend.AcceptedIn(a), Parts: trend.Parts(f.since)})
	return nil
}

// folders returns the folders below a path, or the one that it is in.
func folders(path string) []string {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{filepath.Dir(path)}
	}
	list := []string{filepath.Dir(filepath.Clean(path))}
	walk(path, func(name string, info os.FileInfo) {
		if info.IsDir() {
			list = append(list, name)
		}
	})
	return list
}

func (e *fromEvidence) standings(context.Context, Query) ([]history.Standing, int, error) {
	return nil, 0, errOne
}

// errOne is a list of tenants of what has one.
var errOne = errors.New("evidence is of one tenant")
