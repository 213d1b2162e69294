package snapshot

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/trend"
)

// maxSavedBytes bounds the JSON of saved assessments, all of which are in memory while they are compared.
const maxSavedBytes = 128 << 20

// saved shows assessments that were saved: of each tenant the latest one, with the others as its history.
type saved struct {
	path string
	list []*engine.Assessment // of standard input; nil for a path

	mu    sync.Mutex
	found map[string]*found // by tenant, of what was read last
	state string            // of the files that were read last
}

func (s *saved) mark(context.Context, string) (files, head string) {
	if s.path == "" {
		return "", ""
	}
	return tree(s.path), ""
}

func (s *saved) folders() []string {
	if s.path == "" {
		return nil
	}
	return folders(s.path)
}

func (s *saved) close() error { return nil }

func (s *saved) read(ctx context.Context, tenant string, _ *shared) (*found, error) {
	all, err := s.all(ctx)
	if err != nil {
		return nil, err
	}
	f := all[history.FoldTenant(tenant)]
	if f == nil {
		return nil, ErrUnknownTenant
	}
	return f, nil
}

func (s *saved) tenants(ctx context.Context) ([]string, int, error) {
	all, err := s.all(ctx)
	if err != nil {
		return nil, 0, err
	}
	return page(slices.Sorted(maps.Keys(all)), 0, 2), len(all), nil
}

// all reads the assessments again if their files have changed.
func (s *saved) all(ctx context.Context) (map[string]*found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	state, _ := s.mark(ctx, "")
	if s.found != nil && s.state == state {
		return s.found, nil
	}
	list := s.list
	if s.path != "" {
		var err error
		if list, err = readSaved(ctx, s.path); err != nil {
			return nil, err
		}
	}
	byTenant := map[string][]*engine.Assessment{}
	for _, a := range list {
		id := history.FoldTenant(a.Tenant.ID)
		byTenant[id] = append(byTenant[id], a)
	}
	all := map[string]*found{}
	for id, list := range byTenant {
		f, err := foundIn(list)
		if err != nil {
			return nil, err
		}
		f.tenants = len(byTenant)
		all[id] = f
	}
	s.found, s.state = all, state
	return all, nil
}

// readSaved reads the assessments that were saved at a path.
func readSaved(ctx context.Context, path string) ([]*engine.Assessment, error) {
	files, err := savedAt(path)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s has no assessments any more, or other files of JSON, too", path)
	}
	var list []*engine.Assessment
	left := int64(maxSavedBytes)
	for _, name := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		a, size, err := readOne(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if left -= size; left < 0 {
			return nil, fmt.Errorf("the assessments in %s have more than %d MiB: keep them in a history ('posture history import')", path, maxSavedBytes>>20)
		}
		list = append(list, a)
	}
	return list, nil
}

// readOne reads an assessment, and says how many bytes it has.
func readOne(name string) (*engine.Assessment, int64, error) {
	file, err := inputfile.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = file.Close() }()
	count := &counter{}
	a, err := assessmentfile.Read(io.TeeReader(file, count))
	return a, count.bytes, err
}

// counter counts what is written to it.
type counter struct{ bytes int64 }

// Write is part of [io.Writer].
func (c *counter) Write(text []byte) (int, error) {
	c.bytes += int64(len(text))
	return len(text), nil
}

// foundIn returns what assessments of one tenant are together.
func foundIn(list []*engine.Assessment) (*found, error) {
	slices.SortStableFunc(list, func(a, b *engine.Assessment) int {
		return cmp.Or(a.EvaluatedAt.Compare(b.EvaluatedAt), cmp.Compare(a.Evidence.Digest, b.Evidence.Digest))
	})
	last := list[len(list)-1]
	f := &found{assessment: last, failing: newFailing().of(last)}
	if len(list) == 1 {
		return f, nil
	}
	f.record = &Record{}
	names := words{}
	var state strings.Builder
	for i, a := range list {
		entry, err := history.EntryOf(int64(i+1), a)
		if err != nil {
			return nil, err
		}
		state.WriteString(entry.Content)
		moment := trend.Moment{At: a.EvaluatedAt, Score: a.Score, Accepted: trend.AcceptedIn(a)}
		if i > 0 {
			f.since = attribution.Compare(list[i-1], a)
			names.share(f.since)
			moment.Parts = trend.Parts(f.since)
			f.record.Changes = append(f.record.Changes, history.Change{Before: int64(i), After: entry, Attribution: f.since})
		}
		f.record.Entries = append(f.record.Entries, entry)
		f.record.Moments = append(f.record.Moments, moment)
	}
	f.state = state.String()
	return f, nil
}

// standings lists the tenants of which there are assessments.
func (s *saved) standings(ctx context.Context, query Query) ([]history.Standing, int, error) {
	all, err := s.all(ctx)
	if err != nil {
		return nil, 0, err
	}
	list := make([]history.Standing, 0, len(all))
	for _, f := range all {
		list = append(list, f.standing())
	}
	list, count := history.Select(list, query)
	return list, count, nil
}

// standing returns where the tenant stands.
func (f *found) standing() history.Standing {
	a := f.assessment
	s := history.Standing{Tenant: a.Tenant, EvaluatedAt: a.EvaluatedAt, CollectedAt: a.Evidence.CollectedAt, Score: a.Score}
	if f.since != nil {
		s.Change, s.Attribution = &f.since.Change, f.since
	}
	return s
}
