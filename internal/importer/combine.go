package importer

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
)

// combine writes one bundle of the sources, which finish completes. A dataset that one source makes is written by it; one that several make is
// staged by each of them, and taken from the first that collected it.
func (i *importing) combine(ctx context.Context, dir string, finish func(*evidence.Writer) error) error {
	if !slices.ContainsFunc(i.sources, func(s *source) bool { return len(s.Files) > 0 }) {
		return i.nothing()
	}
	m, err := i.manifest()
	if err != nil {
		return err
	}
	w, err := evidence.Create(dir, m)
	if err != nil {
		return err
	}
	defer func() { _ = w.Abort() }()
	makers := map[string]int{}
	for _, s := range i.sources {
		for dataset := range s.Files {
			makers[dataset]++
		}
	}
	for _, s := range i.sources {
		if err := i.writeOwn(ctx, w, s, makers); err != nil {
			return err
		}
	}
	others := map[*source][]string{} // the datasets of an export that other files make
	for _, dataset := range slices.Sorted(maps.Keys(makers)) {
		if err := i.choose(ctx, w, dataset, others); err != nil {
			return err
		}
	}
	for s, datasets := range others {
		i.skip(s.export, "other files make "+strings.Join(datasets, ", "))
	}
	return finish(w)
}

// writeOwn writes the datasets that only one source makes, and stages the others.
func (i *importing) writeOwn(ctx context.Context, w *evidence.Writer, s *source, makers map[string]int) error {
	if s.staged != nil {
		return nil
	}
	own := func(dataset string) bool { return makers[dataset] == 1 }
	if err := s.Write(ctx, w, own); err != nil {
		return err
	}
	contested := false
	for dataset := range s.Files {
		contested = contested || !own(dataset)
		if own(dataset) && !s.CollectedAt.IsZero() {
			w.Date(dataset, s.CollectedAt)
		}
	}
	if !contested {
		return nil
	}
	return i.stage(ctx, s, func(dataset string) bool { return !own(dataset) })
}

// choose writes a dataset that was staged. Where no source collected it, it failed for the reasons of all.
func (i *importing) choose(ctx context.Context, w *evidence.Writer, dataset string, others map[*source][]string) error {
	candidates, older := i.candidates(dataset)
	if s := candidates[0]; s.staged == nil || s.status(dataset).Name == "" {
		return nil // its only source wrote it
	}
	for _, s := range older {
		others[s] = append(others[s], dataset)
	}
	best := slices.IndexFunc(candidates, func(s *source) bool { return s.status(dataset).Status == evidence.Collected })
	if best < 0 {
		var reasons []string
		for _, s := range candidates {
			if reason := s.status(dataset).Reason; !slices.Contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		}
		w.Fail(dataset, strings.Join(reasons, "; "))
		return nil
	}
	for _, s := range candidates {
		switch {
		case s == candidates[best]:
		case s.export != "":
			others[s] = append(others[s], dataset)
		default:
			i.skip(s.Files[dataset], instead(dataset, candidates[best].Files[dataset], s.status(dataset).Reason))
		}
	}
	return w.Copy(ctx, candidates[best].staged, dataset)
}

// instead says which file a dataset is made of in place of another.
func instead(dataset, file, failure string) string {
	reason := fmt.Sprintf("%s is made of %s instead", dataset, file)
	if failure != "" {
		reason += ": " + failure
	}
	return reason
}

// candidates returns the sources that make a dataset. Of several exports only the newest counts: older ones show what was.
func (i *importing) candidates(dataset string) (current, older []*source) {
	var newest *source
	for _, s := range i.sources {
		if _, ok := s.Files[dataset]; !ok {
			continue
		}
		if s.export != "" {
			if newest != nil && newest.CollectedAt.After(s.CollectedAt) {
				older = append(older, s)
				continue
			}
			newest = s
		}
		current = append(current, s)
	}
	return current, older
}

func (s *source) status(dataset string) evidence.Dataset {
	d, _ := s.staged.Dataset(dataset)
	return d
}
