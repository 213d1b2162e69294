package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/posture-score/posture/internal/attribution"
)

// method is the version of how changes are computed. Whoever changes what [Compare] says of the same assessments raises
// it: then changes that are stored are computed anew when they are asked for.
const method = 2

// Change is why the score of an entry differs from the one before it.
type Change struct {
	Before      int64 // number of the entry before it in time, of the same origin
	After       Entry
	Attribution *attribution.Attribution // nil if nothing can be said: one of the assessments was changed in the store
}

// Changes returns why each entry of a filter has another score than the one before it, sorted by tenant and time. The first entry has
// nothing before it, and no change. Entries whose assessments retention dropped are passed over.
func (s *Store) Changes(ctx context.Context, f Filter) iter.Seq2[Change, error] {
	return func(yield func(Change, error) bool) {
		if err := s.settleAll(ctx, f.Tenant); err != nil {
			yield(Change{}, s.fail("updating the changes in", err))
			return
		}
		where, args := f.where()
		records := "x.records"
		if f.Brief {
			records = "NULL"
		}
		for change, err := range query(ctx, s.db, s.scanChange, fmt.Sprintf(selectChanges, records)+where+f.order(""), args...) {
			if !yield(change, s.fail("reading", err)) || err != nil {
				return
			}
		}
	}
}

// selectChanges selects what scanChange scans.
const selectChanges = "SELECT " + entryColumns + `, b.seq, x.attribution, %s FROM changes x JOIN entries e ON e.entry_key = x.entry_key
	JOIN entries b ON b.entry_key = x.before_key JOIN tenants t ON t.tenant_key = e.tenant_key`

func (s *Store) scanChange(row scanner) (Change, error) {
	var (
		change          Change
		packed, records []byte
	)
	found, err := scanEntry(row, &change.Before, &packed, &records)
	if err != nil {
		return change, err
	}
	change.After = found.Entry
	if len(packed) == 0 {
		return change, nil
	}
	text, err := s.unpack(packed)
	if err == nil {
		err = json.Unmarshal(text, &change.Attribution)
	}
	var moved moves
	if err == nil {
		moved, err = s.unpackMoves(records)
	}
	if err == nil && change.Attribution != nil {
		moved.restore(change.Attribution)
	}
	if err != nil {
		return change, fmt.Errorf("what changed with entry %d: %w", found.ID, err)
	}
	return change, nil
}

// unsettled returns a statement that selects the entries, of one tenant or of all, of which the stored change is not against the one before, or
// was computed by other rules: with the key of the one before, which is NULL if there is none. Its arguments are the key of the tenant, or 0,
// and the version of the rules.
func unsettled(tenant int64) string {
	// The condition is where it spares reading the entries of all other tenants.
	of := "$1 = 0"
	if tenant != 0 {
		of = "e.tenant_key = $1"
	}
	return `SELECT n.entry_key, n.before_key, n.origin FROM (
		SELECT e.entry_key, e.tenant_key, e.origin, e.evaluated_at, e.seq,
			lag(e.entry_key) OVER (PARTITION BY e.tenant_key, e.origin ORDER BY e.evaluated_at, e.seq) AS before_key
		FROM entries e JOIN contents c ON c.entry_key = e.entry_key WHERE ` + of + `
	) n LEFT JOIN changes x ON x.entry_key = n.entry_key
	WHERE n.before_key IS NULL AND x.before_key IS NOT NULL OR n.before_key IS NOT NULL
		AND (x.before_key IS NULL OR x.before_key <> n.before_key OR x.version <> $2)
	ORDER BY n.tenant_key, n.origin, n.evaluated_at, n.seq`
}

// pair is an entry and the one before it.
type pair struct {
	key    int64
	before sql.NullInt64
	origin Origin
}

func scanPair(row scanner) (p pair, err error) {
	err = row.Scan(&p.key, &p.before, &p.origin)
	return p, err
}

// settleAll computes the changes of a tenant, or of all if the id is empty, anew that are not of this method, or that an interrupted import left out.
func (s *Store) settleAll(ctx context.Context, tenant string) error {
	if s.readOnly {
		return nil // what is stored has to do
	}
	var key int64
	if tenant != "" {
		err := s.db.QueryRowContext(ctx, "SELECT tenant_key FROM tenants WHERE id = $1", foldTenant(tenant)).Scan(&key)
		if err != nil {
			return ignore(err, sql.ErrNoRows)
		}
	}
	open, err := list(query(ctx, s.db, scanPair, unsettled(key)+" LIMIT 1", key, method))
	if err != nil || len(open) == 0 {
		return err
	}
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := s.settleChanges(ctx, tx, key)
		return err
	})
}

// settle brings up to date what follows from the entries of a tenant. It says when the evidence of an entry was collected, if that is known.
func (s *Store) settle(ctx context.Context, tx *sql.Tx, tenant int64, known collected) error {
	last, err := s.settleChanges(ctx, tx, tenant)
	if err != nil {
		return err
	}
	if last.Assessment != nil && known.entry == 0 {
		known = collected{last.key, last.Assessment.Evidence.CollectedAt}
	}
	return restand(ctx, tx, tenant, known)
}

// settleChanges computes the changes of a tenant that are not up to date, and returns what it read last; 0 stands for all tenants.
func (s *Store) settleChanges(ctx context.Context, tx *sql.Tx, tenant int64) (last checked, err error) {
	pairs, err := list(query(ctx, tx, scanPair, unsettled(tenant), tenant, method))
	if err != nil {
		return last, err
	}
	var known keyring
	for _, p := range pairs {
		if _, err := tx.ExecContext(ctx, "DELETE FROM changes WHERE entry_key = $1", p.key); err != nil {
			return last, err
		}
		if !p.before.Valid {
			continue
		}
		before := last
		if last.key != p.before.Int64 {
			if before, err = s.byKey(ctx, tx, p.before.Int64, &known); err != nil {
				return last, err
			}
		}
		if last, err = s.byKey(ctx, tx, p.key, &known); err != nil {
			return last, err
		}
		packed, records, err := s.attribute(before, last)
		if err != nil {
			return last, err
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO changes (entry_key, before_key, version, attribution, records) VALUES ($1, $2, $3, $4, $5)",
			p.key, p.before.Int64, method, packed, records)
		if err != nil {
			return last, err
		}
	}
	return last, nil
}

// byKey reads what entries are compared by. An assessment that was changed in the store is nil: nothing can be said of it, and what is
// sound is to be of use all the same. So it is with verdicts.
func (s *Store) byKey(ctx context.Context, q querier, key int64, known *keyring) (checked, error) {
	found, err := scanEntry(q.QueryRowContext(ctx, selectEntries+" WHERE e.entry_key = $1", key))
	read := checked{key: key, origin: found.Origin}
	if err != nil {
		return read, err
	}
	packed, err := content(ctx, q, key)
	if err != nil {
		return read, ignore(err, errDigest)
	}
	a, _, err := s.decode(packed, found.Content)
	if err != nil {
		return read, nil //nolint:nilerr // see above
	}
	read.Assessment = a
	if read.Verdicts, err = known.read(ctx, q, key, found.Digests.Records); damaged(err) {
		err = nil
	}
	return read, err
}

// attribute returns why a score changed, as it is stored; nothing if one of the assessments is not sound.
func (s *Store) attribute(before, after checked) (packed, records []byte, err error) {
	if before.Assessment == nil || after.Assessment == nil {
		return []byte{}, nil, nil
	}
	a, err := Compare(before.Recorded, after.Recorded)
	if err != nil {
		return nil, nil, err
	}
	short, left := brief(a)
	if records, err = s.packMoves(left); err != nil {
		return nil, nil, err
	}
	text, err := compact(short)
	if err != nil {
		return nil, nil, err
	}
	return s.pack(text), records, nil
}
