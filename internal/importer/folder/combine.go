package folder

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
)

// combine takes each dataset from the first part that collected it. Where none
// did, it failed for the reasons of all.
func (i *importer) combine(ctx context.Context, w *evidence.Writer) error {
	names := map[string]bool{}
	for _, p := range i.parts {
		for _, dataset := range p.bundle.Manifest().Datasets {
			names[dataset.Name] = true
		}
	}
	left := map[*part][]string{} // datasets of exports of ScubaGear that others make
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if err := i.choose(ctx, w, name, left); err != nil {
			return err
		}
	}
	for p, names := range left {
		i.skip(p.export, "other files make "+strings.Join(names, ", "))
	}
	return nil
}

// choose writes one dataset.
func (i *importer) choose(ctx context.Context, w *evidence.Writer, name string, left map[*part][]string) error {
	candidates, past := i.candidates(name)
	for _, p := range past {
		left[p] = append(left[p], name)
	}
	best := slices.IndexFunc(candidates, func(p *part) bool { return status(p, name).Status == evidence.Collected })
	if best < 0 {
		var reasons []string
		for _, p := range candidates {
			if reason := status(p, name).Reason; !slices.Contains(reasons, reason) {
				reasons = append(reasons, reason)
			}
		}
		w.Fail(name, strings.Join(reasons, "; "))
		return nil
	}
	for _, p := range candidates {
		switch {
		case p == candidates[best]:
		case p.export != "":
			left[p] = append(left[p], name)
		default:
			i.skip(p.files[name], instead(name, candidates[best].files[name], status(p, name).Reason))
		}
	}
	return w.Take(ctx, candidates[best].bundle, name)
}

func instead(name, file, failure string) string {
	reason := fmt.Sprintf("%s is made of %s instead", name, file)
	if failure != "" {
		reason += ": " + failure
	}
	return reason
}

// candidates are the parts that have a dataset. Of exports of ScubaGear only the
// newest counts that asked for it: what older ones have is past.
func (i *importer) candidates(name string) (current, past []*part) {
	var newest *part
	for _, p := range i.parts {
		if _, ok := p.bundle.Dataset(name); !ok {
			continue
		}
		if p.export != "" {
			if newest != nil && newest.made().After(p.made()) {
				past = append(past, p)
				continue
			}
			newest = p
		}
		current = append(current, p)
	}
	return current, past
}

func status(p *part, name string) evidence.Dataset {
	dataset, _ := p.bundle.Dataset(name)
	return dataset
}
