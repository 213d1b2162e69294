package scan

import (
	"cmp"
	"context"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine/internal/scan/join"
	"github.com/posture-score/posture/internal/records"
)

// Invariant: which keys are unmatched follows from all records of the population, whichever worker read
// them: a part notes the keys that its records have, and counts once it is merged.

// unmatchedBlock is how many unmatched keys make a part.
const unmatchedBlock = 1 << 12

// scanUnmatched evaluates the keys that only joined datasets have, once all records are merged.
func scanUnmatched(ctx context.Context, p *scanPlan, merge func(*part, int64) error) error {
	var w *worker
	viewer, inPart := records.NewViewer(p.fields), 0
	flush := func() error {
		if inPart == 0 {
			return ctx.Err()
		}
		inPart = 0
		return cmp.Or(merge(w.End(), 0), ctx.Err())
	}
	for i := range p.watched {
		watched := &p.watched[i]
		for k := join.Key(1); int(k) <= p.joins[watched.at].index.Keys(); k++ {
			if watched.met.has(k) {
				continue
			}
			if w == nil {
				w = newWorker(p)
			}
			if inPart == 0 {
				w.Begin(-1)
			}
			if err := w.unmatched(viewer, watched, k); err != nil {
				return err
			}
			if inPart++; inPart == unmatchedBlock {
				if err := flush(); err != nil {
					return err
				}
			}
		}
	}
	return flush()
}

// unmatched evaluates the controls for one key, as a record that has nothing else.
func (w *worker) unmatched(viewer *records.Viewer, watched *watchedJoin, k join.Key) error {
	key := w.plan.joins[watched.at].index.AppendKey(nil, k)
	json, err := keyRecord(w.plan.dataset.Spec.Key, key)
	if err != nil {
		return err
	}
	record, err := viewer.View(json)
	if err != nil {
		return err
	}
	w.columns.next(record)
	w.columns.key, w.columns.keyed = key, true
	w.observeRecord()
	for i := range w.groups {
		g := &w.groups[i]
		if w.firstUnmatched(g.joinGroup) != watched.at {
			continue
		}
		for _, c := range w.candidates(g) {
			if c.uncertain {
				continue // the key lacks the field that is matched
			}
			if err := w.countUnmatched(&w.controls[c.control.index], w.columns.trusted(g.joinGroup), watched.failing); err != nil {
				return err
			}
		}
	}
	return nil
}

// firstUnmatched returns the first join of a group that has the key; -1 if none has.
func (w *worker) firstUnmatched(g *joinGroup) int {
	for _, at := range g.unmatched {
		if w.columns.joined(at).found != 0 {
			return at
		}
	}
	return -1
}

// keyRecord returns a record that has only a key.
func keyRecord(field string, key []byte) ([]byte, error) {
	json, err := jsontext.AppendQuote([]byte("{"), field)
	if err == nil {
		json, err = jsontext.AppendQuote(append(json, ':'), key)
	}
	return append(json, '}'), err
}

// countUnmatched counts the key for one control, if it is in scope by the rule. It never complies; where
// everyone complies it is not counted, so that evidence never earns more without the population.
func (w *worker) countUnmatched(c *controlState, trusted bool, failing *verdict) error {
	if err := w.observeUnmatched(c, trusted, failing); err != nil {
		return err
	}
	n := c.counters
	if n.err != nil || c.failed.Load() || c.everyone != nil && *c.everyone {
		return nil
	}
	if trusted {
		v, err := w.verdict(c)
		switch {
		case err != nil:
			return err
		case v.err != "":
			n.err = &recordError{w.name(), v.err}
			return nil
		case !v.inScope:
			return nil
		}
	}
	n.records++
	if x, excluded := w.exclusion(c); excluded {
		w.exclude(c, x)
		return nil
	}
	n.inScope++
	w.fail(c, failing)
	return nil
}

// observeUnmatched reports how a control meets a key that only joined datasets have. It fails where it
// is in scope.
func (w *worker) observeUnmatched(c *controlState, trusted bool, failing *verdict) error {
	if c.options.Observe == nil || c.everyone != nil && *c.everyone {
		return nil
	}
	if trusted {
		if v, err := w.verdict(c); err != nil || v.err == "" && v.inScope {
			trusted = false
		}
	}
	if !trusted {
		return w.observe(c, failing, true)
	}
	return w.observe(c, nil, true)
}
