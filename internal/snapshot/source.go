package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/trend"
)

// Invariant: a snapshot is made of one state of everything that it shows: what changed while it was made is thrown away, and made again.

// maxKept is how many tenants have their snapshot in memory. One with a year of daily entries takes some 20 MiB.
const maxKept = 24

// Source makes snapshots of what is at a path. Several goroutines may use it.
type Source struct {
	options Options
	origin  origin
	several bool // it may have several tenants: a register is of one alone
	loading chan struct{}

	mu     sync.RWMutex
	kept   map[string]*kept // by tenant, as history.FoldTenant has it
	uses   atomic.Int64
	shared *shared // the last one that could be read
	only   string  // the tenant of a source with one; empty before it is known, and for several
}

// kept is the snapshot of a tenant.
type kept struct {
	mark   mark   // of what it was made of
	digest []byte // of it, without the day
	sound  *kept  // the one without the problem, if this one has a problem; nil else
	used   atomic.Int64
	shown  atomic.Pointer[Snapshot]
}

// Open opens a source and makes its first snapshot, if it is of one tenant. The caller must call Close.
func Open(ctx context.Context, options Options) (*Source, error) {
	s := &Source{options: options, kept: map[string]*kept{}, loading: make(chan struct{}, 1)}
	var err error
	if s.origin, err = s.options.open(ctx); err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, errors.Join(err, s.origin.close())
	}
	return s, nil
}

// begin makes the first snapshot.
func (s *Source) begin(ctx context.Context) error {
	ids, count, err := s.origin.tenants(ctx)
	if err != nil {
		return err
	}
	switch {
	case count == 0:
		return fmt.Errorf("%s has no assessment yet: 'posture assess PATH --record' adds one", history.Shown(s.options.Path))
	case count > 1:
		s.several = true
		s.shared, err = s.options.readShared(true)
		return err
	}
	_, err = s.load(ctx, ids[0])
	return err
}

// Close releases what the source holds. Snapshots can be used on.
func (s *Source) Close() error { return s.origin.close() }

// now returns the time of the clock; that of the assessment is for whoever has none.
func (o *Options) now() time.Time {
	if o.Now == nil {
		return o.Assess.Now
	}
	return o.Now()
}

// Snapshot returns what is known of a tenant; an empty id stands for the only one. It is cheap once the tenant has a snapshot, which Watch
// and Refresh replace. The error is an [ErrUnknownTenant] if the source does not have the tenant.
func (s *Source) Snapshot(ctx context.Context, tenant string) (*Snapshot, error) {
	if k := s.keeps(tenant); k != nil {
		return s.today(k), nil
	}
	if err := s.acquire(ctx); err != nil {
		return nil, err
	}
	defer s.release()
	if k := s.keeps(tenant); k != nil { // another one made it meanwhile
		return s.today(k), nil
	}
	if tenant == "" && s.several {
		return nil, ErrUnknownTenant
	}
	return s.load(ctx, tenant)
}

// keeps returns what is kept of a tenant, or nil.
func (s *Source) keeps(tenant string) *kept {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if tenant == "" {
		tenant = s.only
	}
	k := s.kept[history.FoldTenant(tenant)]
	if k != nil {
		k.used.Store(s.uses.Add(1))
	}
	return k
}

// today returns the snapshot as of today: ages and what is overdue change with the day.
func (s *Source) today(k *kept) *Snapshot {
	shown := k.shown.Load()
	if s.options.Now == nil {
		return shown
	}
	now := s.options.now().UTC()
	if sameDay(now, shown.Now) {
		return shown
	}
	later := *shown
	later.Now, later.Version = now, versionOn(k.digest, now)
	k.shown.CompareAndSwap(shown, &later)
	return &later
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }

// acquire waits for the right to load: one at a time, which bounds the memory that it takes.
func (s *Source) acquire(ctx context.Context) error {
	select {
	case s.loading <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Source) release() { <-s.loading }

// Refresh makes the snapshots anew of which anything has changed, and returns once what was there when it was called is in them. If
// something can't be read, the old ones stay, and say so; the error is what they say.
func (s *Source) Refresh(ctx context.Context) error { return s.refresh(ctx, true) }

// refresh is Refresh. What could not be read is tried again only if it has changed, or if that is asked for.
func (s *Source) refresh(ctx context.Context, again bool) (err error) {
	if err := s.acquire(ctx); err != nil {
		return err
	}
	defer s.release()
	if s.several { // the list of tenants has zones, whether any tenant has a snapshot or not
		if with, failed := s.options.readShared(true); failed == nil {
			s.remember(with)
		}
	}
	for tenant, k := range s.all() {
		if k.sound != nil && again || s.mark(ctx, tenant) != k.mark {
			_, failed := s.load(ctx, tenant)
			err = errors.Join(err, failed)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return err
}

// all returns what is kept, by tenant.
func (s *Source) all() map[string]*kept {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.kept)
}

// mark tells the state of what a snapshot is made of: two that are the same mean that nothing has changed.
type mark struct {
	files        string // of evidence or assessments
	head         string // of the history of the tenant; empty if there is none, or if the tenant is not known yet
	organization string // the files that the organization writes
}

func (s *Source) mark(ctx context.Context, tenant string) mark {
	m := mark{organization: s.options.mark(s.lastShared(), s.several)}
	m.files, m.head = s.origin.mark(ctx, tenant)
	return m
}

// mark tells the state of the files of the organization.
func (o *Options) mark(last *shared, several bool) string {
	list := []string{}
	if !several {
		list = append(list, o.Register)
	}
	benchmark := o.Benchmark.Path
	if last != nil {
		benchmark = o.Benchmark.file(last.settings)
	}
	mark := files(append(list, benchmark)...)
	if o.Settings == nil {
		return mark
	}
	// They may be in another folder than before, and are small: they are read.
	settings, err := o.Settings()
	if err != nil {
		return mark + " " + err.Error()
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return mark + " " + err.Error()
	}
	return mark + " " + string(text)
}

func (s *Source) lastShared() *shared {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.shared
}

// Attempts to read one state of what is being written.
const (
	attempts = 5
	pause    = 150 * time.Millisecond
)

// errChanging is a source that never was the same for long enough.
var errChanging = errors.New("it is being written all the time")

// load makes the snapshot of a tenant, and keeps it. If that fails and there is an older one, that stays, and says so.
func (s *Source) load(ctx context.Context, tenant string) (*Snapshot, error) {
	fresh, err := s.settled(ctx, tenant)
	if err == nil {
		s.keep(fresh)
		return fresh.shown.Load(), nil
	}
	k := s.keeps(tenant)
	if ctx.Err() != nil || k == nil {
		return nil, err
	}
	if errors.Is(err, ErrUnknownTenant) {
		s.forget(tenant)
		return nil, err
	}
	if k.sound != nil {
		k = k.sound
	}
	old := *s.today(k)
	old.Problem = err.Error()
	s.decideStale(&old)
	sum := sha256.Sum256(fmt.Appendf(nil, "%x %q %q", k.digest, old.Problem, old.Register.Version))
	stale := &kept{mark: s.mark(ctx, tenant), digest: sum[:], sound: k}
	old.Version = versionOn(stale.digest, old.Now)
	stale.shown.Store(&old)
	s.keep(stale)
	return &old, err
}

// decideStale gives a snapshot of evidence that can't be read what is registered now, if that can be read: people go on deciding, and whoever
// decides has to see what was decided last. It has its effect once the evidence is read again.
func (s *Source) decideStale(old *Snapshot) {
	if s.several {
		return
	}
	now, err := readRegister(s.options.Register)
	if err != nil || now.Version == old.Register.Version {
		return
	}
	if now.Decisions == nil { // the file is gone: what the assessment knows of it is, too
		now.Decisions = map[string]engine.Decision{}
	}
	old.Register, old.Live = now, false
}

// settled makes a snapshot again until nothing changed while it was made.
func (s *Source) settled(ctx context.Context, tenant string) (*kept, error) {
	last := errChanging
	for try := range attempts {
		if try > 0 {
			select {
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-time.After(pause):
			}
		}
		before := s.mark(ctx, tenant)
		with, err := s.options.readShared(s.several)
		if err != nil && s.keeps(tenant) == nil && s.lastShared() != nil {
			return s.makeWithout(ctx, tenant, err)
		}
		var f *found
		if err == nil {
			f, err = s.origin.read(ctx, tenant, with)
		}
		if err == nil {
			tenant = f.assessment.Tenant.ID
		}
		if err == nil && f.tenants > 1 && !s.several {
			s.severalNow()
			continue
		}
		after := s.mark(ctx, tenant)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case before.files != after.files || before.organization != after.organization || err == nil && f.head != after.head:
			last = errChanging
			continue
		case err != nil:
			return nil, err
		}
		s.remember(with)
		return s.make(f, with, after, "")
	}
	return nil, last
}

// severalNow takes note that there are several tenants, which are asked for by name and can't have one register.
func (s *Source) severalNow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.several, s.only = true, ""
}

// makeWithout makes the snapshot of a tenant that has none yet, with the organization's files as they were when they could be read.
func (s *Source) makeWithout(ctx context.Context, tenant string, problem error) (*kept, error) {
	with := s.lastShared()
	f, err := s.origin.read(ctx, tenant, with)
	if err != nil {
		return nil, err
	}
	return s.make(f, with, mark{}, problem.Error())
}

// remember keeps the organization's files as the last ones that could be read.
func (s *Source) remember(with *shared) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shared = with
}

// make puts a snapshot together.
func (s *Source) make(f *found, with *shared, m mark, problem string) (*kept, error) {
	a := f.assessment
	shown := &Snapshot{
		Now: a.EvaluatedAt.UTC(), Tenant: a.Tenant, Tenants: f.tenants, Problem: problem, Assessment: a, Live: f.live, Catalog: s.options.Catalog,
		Settings: with.settings, Register: with.register, Since: f.since, Failing: f.failing,
	}
	if s.options.Now != nil {
		shown.Now = s.options.Now().UTC()
	}
	if f.record != nil {
		shown.Past = &Past{Entries: f.record.Entries, Changes: f.record.Changes, Categories: f.record.Categories, Assessment: s.reader(a.Tenant.ID)}
		shown.Past.Trend = trend.New(with.organization(a.Tenant, s.several), f.record.Moments, TrendOptions(with.settings, with.benchmark, with.choice))
	}
	if with.benchmark != nil {
		var err error
		if shown.Comparison, err = with.benchmark.Compare(a, with.choice); err != nil {
			return nil, err
		}
	}
	k := &kept{mark: m}
	var err error
	if k.digest, err = s.digest(shown, f); err != nil {
		return nil, err
	}
	shown.Version = versionOn(k.digest, shown.Now)
	k.shown.Store(shown)
	return k, nil
}

// digest returns a digest of all that is in a snapshot, without the day. What follows from what is in it is left out.
func (s *Source) digest(shown *Snapshot, f *found) ([]byte, error) {
	text, err := json.Marshal(struct {
		Program, Catalog, State string
		Tenants                 int
		Problem                 string
		Live                    bool
		Register                [2]string
		Settings                any
		Assessment              any
		Since                   any
		Comparison, Trend       any
	}{
		s.options.Engine.Version, s.options.Catalog.Digest(), f.state, shown.Tenants, shown.Problem, shown.Live,
		[2]string{shown.Register.Path, shown.Register.Version},
		shown.Settings, shown.Assessment, shown.Since, shown.Comparison, trendOf(shown.Past),
	})
	if err != nil {
		return nil, fmt.Errorf("encoding the assessment: %w", err)
	}
	sum := sha256.Sum256(text)
	return sum[:], nil
}

func trendOf(p *Past) *trend.Trend {
	if p == nil {
		return nil
	}
	return p.Trend
}

// versionOn returns the version of a snapshot on a day.
func versionOn(digest []byte, day time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%x %s", digest, day.Format(time.DateOnly)))
	return hex.EncodeToString(sum[:16])
}

// keep keeps a snapshot, and forgets the one that was not asked for the longest if there are too many.
func (s *Source) keep(k *kept) {
	k.used.Store(s.uses.Add(1))
	tenant := history.FoldTenant(k.shown.Load().Tenant.ID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.several {
		clear(s.kept) // evidence may be that of another tenant now
		s.only = tenant
	}
	s.kept[tenant] = k
	if len(s.kept) <= maxKept {
		return
	}
	oldest := ""
	for tenant, k := range s.kept {
		if oldest == "" || k.used.Load() < s.kept[oldest].used.Load() {
			oldest = tenant
		}
	}
	delete(s.kept, oldest)
}

// forget drops the snapshot of a tenant that is gone.
func (s *Source) forget(tenant string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept, history.FoldTenant(tenant))
}
