package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/posture-score/posture/internal/settings"
)

// dropped returns which entries rules do not keep, of entries of one tenant and origin in the order of time. A rule keeps the last
// entry of each of so many periods that have one, from the latest on. Days, weeks (of ISO 8601), months and years are those of UTC.
func dropped(keep settings.Keep, entries []Entry) []Entry {
	kept := map[int64]bool{}
	for _, rule := range keep {
		periods, last := 0, ""
		for _, e := range slices.Backward(entries) {
			period := periodOf(rule.Period, e.EvaluatedAt)
			if period == last {
				continue
			}
			if last, periods = period, periods+1; rule.Count != settings.Always && periods > rule.Count {
				break
			}
			kept[e.ID] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e Entry) bool { return kept[e.ID] })
}

// periodOf returns which period a time is in.
func periodOf(period string, at time.Time) string {
	switch period {
	case "weekly":
		year, week := at.ISOWeek()
		return fmt.Sprintf("%d-%d", year, week)
	case "monthly":
		return at.Format("2006-01")
	case "yearly":
		return at.Format("2006")
	}
	return at.Format(time.DateOnly)
}

// Pruning is what retention did, or would do, to the entries of a tenant.
type Pruning struct {
	Kept       int
	Dropped    []Entry // in the order of numbers
	Checkpoint int64   // number of the link that names them; 0 if there are none
	Head       string
}

// Prune drops the assessments of a tenant that are not to be kept, with the results and changes that come from them. Their headers
// stay, with the score, and a checkpoint in the chain names them. What is kept is compared anew with what is kept before it. In a dry
// run it drops nothing.
func (s *Store) Prune(ctx context.Context, tenant string, keep settings.Keep, dry bool) (Pruning, error) {
	if len(keep) == 0 {
		return Pruning{}, errors.New("nothing says what to keep")
	}
	tenant = foldTenant(tenant)
	var p Pruning
	run := s.write
	if dry {
		run = s.read
	}
	err := run(ctx, func(tx *sql.Tx) error {
		p = Pruning{}
		c, err := find(ctx, tx, tenant, dry)
		if err != nil {
			return err
		}
		found, err := list(query(ctx, tx, scanStored, selectEntries+" WHERE e.tenant_key = $1 ORDER BY e.evaluated_at, e.seq", c.key))
		if err != nil {
			return err
		}
		chosen := p.choose(found, keep)
		if p.Head = c.head; dry || len(chosen) == 0 {
			return nil
		}
		if err := p.drop(ctx, tx, c, chosen); err != nil {
			return err
		}
		return s.settle(ctx, tx, c.key, collected{})
	})
	return p, s.fail("pruning", err)
}

// find returns the chain of a tenant that is there; a dry run does not lock it.
func find(ctx context.Context, tx *sql.Tx, tenant string, dry bool) (*chain, error) {
	c := new(chain)
	err := tx.QueryRowContext(ctx, "SELECT tenant_key, links, head FROM tenants WHERE id = $1", tenant).Scan(&c.key, &c.links, &c.head)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("%w: it has none of tenant %s", ErrUnknown, clip(tenant))
	case err != nil || dry:
		return c, err
	}
	return lock(ctx, tx, tenant)
}

// choose sets which entries are kept and dropped, and returns those that are dropped.
func (p *Pruning) choose(found []stored, keep settings.Keep) []stored {
	byID := map[int64]stored{}
	for _, origin := range Origins() {
		var entries []Entry
		for _, f := range found {
			if f.Origin == origin && !f.Pruned {
				entries = append(entries, f.Entry)
				byID[f.ID] = f
			}
		}
		gone := dropped(keep, entries)
		p.Kept += len(entries) - len(gone)
		p.Dropped = append(p.Dropped, gone...)
	}
	slices.SortFunc(p.Dropped, func(a, b Entry) int { return int(a.ID - b.ID) })
	chosen := make([]stored, len(p.Dropped))
	for i, e := range p.Dropped {
		chosen[i] = byID[e.ID]
	}
	return chosen
}

// drop drops the assessments of entries, and appends a checkpoint that says so.
func (p *Pruning) drop(ctx context.Context, tx *sql.Tx, c *chain, chosen []stored) error {
	if err := release(ctx, tx, c.key, chosen); err != nil {
		return err
	}
	l := c.next(kindCheckpoint, chosen[len(chosen)-1].Tenant)
	for _, e := range chosen {
		l.Dropped = append(l.Dropped, e.ID)
		if err := empty(ctx, tx, e.key); err != nil {
			return err
		}
	}
	var err error
	p.Checkpoint = l.ID
	p.Head, err = c.checkpoint(ctx, tx, l)
	return err
}

// empty deletes all of an entry but its header.
func empty(ctx context.Context, tx *sql.Tx, key int64) error {
	for _, table := range []string{"contents", "results", "sums", "changes", "verdicts"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE entry_key = $1", key); err != nil {
			return err
		}
	}
	return nil
}
