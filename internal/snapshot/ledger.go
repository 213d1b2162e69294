package snapshot

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
)

// ledger is a history that may be missing, come, and be replaced by another file. Several goroutines may use it.
//
// A file is open only while somebody uses it: SQLite would take what it keeps beside an open file for a part of one that replaces it.
type ledger struct {
	url string

	mu    sync.Mutex
	store *history.Store    // nil while it is not open
	users int               // of the store
	disk  string            // state of the file, of which heads are known
	heads map[string]string // by tenant; that of all tenants by an empty id
}

// with calls a function with the store; with nil if there is none, and for a nil ledger.
func (l *ledger) with(ctx context.Context, use func(*history.Store) error) (err error) {
	if l == nil {
		return use(nil)
	}
	store, err := l.acquire(ctx)
	if errors.Is(err, history.ErrNone) {
		return use(nil)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.release()) }()
	return use(store)
}

func (l *ledger) acquire(ctx context.Context) (*history.Store, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.store == nil {
		store, err := history.OpenExisting(ctx, l.url)
		if err != nil {
			return nil, err
		}
		l.store = store
	}
	l.users++
	return l.store, nil
}

func (l *ledger) release() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users--; l.users > 0 || history.Remote(l.url) {
		return nil
	}
	return l.shut()
}

// close closes the connections to a server. Nobody uses them any more.
func (l *ledger) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shut()
}

func (l *ledger) shut() error {
	store := l.store
	if l.store = nil; store == nil {
		return nil
	}
	return store.Close()
}

// mark tells the state of a tenant in the store; of all tenants if the id is empty. It is empty if there is none. A file is opened only if
// it has changed: to open it tells whoever watches its folder that something happened there.
func (l *ledger) mark(ctx context.Context, tenant string) string {
	disk := ""
	if !history.Remote(l.url) {
		disk = databaseFiles(l.url)
		if known := l.knows(disk, tenant); known != nil {
			return *known
		}
	}
	var mark string
	err := l.with(ctx, func(store *history.Store) (err error) {
		switch {
		case store == nil:
		case tenant == "":
			mark, err = store.State(ctx)
		default:
			mark, err = store.Head(ctx, tenant)
		}
		return err
	})
	if err != nil {
		mark = "unreadable: " + err.Error()
	}
	if disk != "" && ctx.Err() == nil && disk == databaseFiles(l.url) {
		l.learn(disk, tenant, mark)
	}
	return mark
}

// knows returns the mark of a tenant at a state of the file, or nil.
func (l *ledger) knows(disk, tenant string) *string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if mark, ok := l.heads[tenant]; ok && l.disk == disk {
		return &mark
	}
	return nil
}

// maxHeads bounds how many marks are known.
const maxHeads = 4 * maxKept

func (l *ledger) learn(disk, tenant, mark string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.disk != disk || len(l.heads) >= maxHeads {
		l.disk, l.heads = disk, map[string]string{}
	}
	l.heads[tenant] = mark
}

func (l *ledger) folders() []string {
	if history.Remote(l.url) {
		return nil
	}
	return []string{filepath.Dir(l.url)}
}

// stored shows the latest assessments of a history.
type stored struct{ ledger *ledger }

// openStored opens a history, which has to be there and to have an assessment.
func openStored(ctx context.Context, url string) (origin, error) {
	s := &stored{ledger: &ledger{url: url}}
	return s, s.use(ctx, func(*history.Store) error { return nil })
}

func (s *stored) mark(ctx context.Context, tenant string) (files, head string) {
	return "", s.ledger.mark(ctx, tenant)
}

func (s *stored) folders() []string { return s.ledger.folders() }

func (s *stored) close() error { return s.ledger.close() }

// use calls a function with the store, which has to be there.
func (s *stored) use(ctx context.Context, function func(*history.Store) error) error {
	return s.ledger.with(ctx, func(store *history.Store) error {
		if store == nil {
			return fmt.Errorf("there is no store %s: 'posture assess PATH --record' begins one", history.Shown(s.ledger.url))
		}
		return function(store)
	})
}

func (s *stored) tenants(ctx context.Context) (ids []string, count int, err error) {
	list, count, err := s.standings(ctx, Query{Limit: 2})
	for _, t := range list {
		ids = append(ids, t.ID)
	}
	return ids, count, err
}

func (s *stored) standings(ctx context.Context, query Query) (list []history.Standing, count int, err error) {
	err = s.use(ctx, func(store *history.Store) error {
		list, count, err = store.Standings(ctx, query)
		return err
	})
	return list, count, err
}

func (s *stored) read(ctx context.Context, tenant string, _ *shared) (*found, error) {
	f := &found{}
	err := s.use(ctx, func(store *history.Store) (err error) {
		if f.head, err = store.Head(ctx, tenant); err != nil {
			return err
		}
		f.state = f.head
		if _, f.tenants, err = store.Standings(ctx, Query{Limit: 1}); err != nil {
			return err
		}
		if f.record, err = ReadRecord(ctx, store, history.Filter{Tenant: tenant}); err != nil {
			return err
		}
		latest := f.record.latest()
		if latest == nil {
			return ErrUnknownTenant
		}
		f.since = f.record.change(latest.ID)
		f.assessment, err = store.Assessment(ctx, latest.Tenant.ID, latest.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	f.failing = newFailing().of(f.assessment)
	return f, nil
}

// reader returns a function that reads an assessment of a tenant from the store of the source; nil if it has none.
func (s *Source) reader(tenant string) func(context.Context, int64) (*engine.Assessment, error) {
	var from *ledger
	switch origin := s.origin.(type) {
	case *stored:
		from = origin.ledger
	case *fromEvidence:
		from = origin.ledger
	}
	if from == nil {
		return nil
	}
	return func(ctx context.Context, entry int64) (a *engine.Assessment, err error) {
		err = from.with(ctx, func(store *history.Store) error {
			if store == nil {
				return history.ErrNone
			}
			a, err = store.Assessment(ctx, tenant, entry)
			return err
		})
		return a, err
	}
}
