package history

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"github.com/posture-score/posture/engine"
)

// maxDepth is how many changes of verdicts rest on one another at most: so many are read to know the last ones.
const maxDepth = 30

// keepVerdicts stores the verdicts of an entry, as changes against those that the tenant's chain had last.
func keepVerdicts(ctx context.Context, tx *sql.Tx, tenant, key int64, v *engine.Verdicts) error {
	var base sql.NullInt64
	depth := 0
	err := tx.QueryRowContext(ctx, `SELECT v.entry_key, v.depth + 1 FROM verdicts v JOIN entries e ON e.entry_key = v.entry_key
		WHERE e.tenant_key = $1 AND e.entry_key <> $2 ORDER BY e.seq DESC LIMIT 1`, tenant, key).Scan(&base, &depth)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var earlier *engine.Verdicts
	if base.Valid && depth <= maxDepth {
		earlier, err = verdictsOf(ctx, tx, base.Int64)
	}
	if earlier == nil || err != nil { // none, or those that are stored are damaged
		base, depth, earlier = sql.NullInt64{}, 0, nil
	}
	return storeVerdicts(ctx, tx, key, base, depth, earlier, v)
}

func storeVerdicts(ctx context.Context, tx *sql.Tx, key int64, base sql.NullInt64, depth int, earlier, v *engine.Verdicts) error {
	encoded, err := v.Encode(earlier)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO verdicts (entry_key, base_key, depth, verdicts) VALUES ($1, $2, $3, $4)", key, base, depth, encoded)
	return err
}

// verdictsOf returns the verdicts of an entry; nil if they are not kept.
func verdictsOf(ctx context.Context, q querier, key int64) (*engine.Verdicts, error) {
	var steps [][]byte
	for next := (sql.NullInt64{Int64: key, Valid: true}); next.Valid; {
		var encoded []byte
		err := q.QueryRowContext(ctx, "SELECT base_key, verdicts FROM verdicts WHERE entry_key = $1", next.Int64).Scan(&next, &encoded)
		if errors.Is(err, sql.ErrNoRows) && len(steps) == 0 {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if steps = append(steps, encoded); len(steps) > maxDepth+1 {
			return nil, errors.New("the changes of verdicts have no beginning: somebody changed them")
		}
	}
	var v *engine.Verdicts
	for i := len(steps) - 1; i >= 0; i-- {
		var err error
		if v, err = engine.DecodeVerdicts(v, steps[i]); err != nil {
			return nil, err
		}
	}
	return v, nil
}

// detach stores verdicts anew that rest on those of entries which are about to be dropped.
func detach(ctx context.Context, tx *sql.Tx, tenant int64, chosen []stored) error {
	gone := map[int64]bool{}
	for _, e := range chosen {
		gone[e.key] = true
	}
	type kept struct {
		key  int64
		base sql.NullInt64
	}
	all, err := list(query(ctx, tx, func(row scanner) (k kept, err error) {
		err = row.Scan(&k.key, &k.base)
		return k, err
	}, "SELECT v.entry_key, v.base_key FROM verdicts v JOIN entries e ON e.entry_key = v.entry_key WHERE e.tenant_key = $1 ORDER BY e.seq", tenant))
	if err != nil {
		return err
	}
	moved := map[int64]*engine.Verdicts{}
	for _, k := range all { // all are read before any is changed, since they rest on one another
		if gone[k.key] || !k.base.Valid || !gone[k.base.Int64] {
			continue
		}
		if moved[k.key], err = verdictsOf(ctx, tx, k.key); err != nil {
			moved[k.key] = nil // damaged: Verify told
		}
	}
	for _, key := range slices.Sorted(maps.Keys(moved)) {
		v := moved[key]
		if _, err := tx.ExecContext(ctx, "DELETE FROM verdicts WHERE entry_key = $1", key); err != nil {
			return err
		}
		if v == nil {
			continue
		}
		if err := storeVerdicts(ctx, tx, key, sql.NullInt64{}, 0, nil, v); err != nil {
			return err
		}
	}
	return nil
}
