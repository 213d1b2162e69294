package history

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
)

// Append stores an assessment as the last entry of its tenant, with what changed against the one before it in time. An assessment
// that is there already is not stored again: its entry is returned, and false. When Append returns without an error, the entry is on
// the disk, and until then nobody sees any of it.
func (s *Store) Append(ctx context.Context, a *engine.Assessment, origin Origin) (Entry, bool, error) {
	return s.AppendRecords(ctx, a, origin, nil)
}

// AppendRecords is Append with the verdicts record by record, by which the entry is compared with others that have them. They may be nil.
func (s *Store) AppendRecords(ctx context.Context, a *engine.Assessment, origin Origin, verdicts *engine.Verdicts) (Entry, bool, error) {
	r, err := newRecord(a, origin)
	if err != nil {
		return Entry{}, false, err
	}
	if verdicts != nil && len(verdicts.Controls()) > 0 { // there are none where no control counted records
		r.verdicts = verdicts
		r.summary.Digests.Records = verdicts.Digest()
	}
	packed := s.pack(r.content)
	var (
		entry Entry
		isNew bool
	)
	err = s.write(ctx, func(tx *sql.Tx) error {
		c, err := lock(ctx, tx, r.tenant.ID)
		if err != nil {
			return err
		}
		found, err := c.find(ctx, tx, r.summary)
		if entry = found.Entry; !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		isNew = true
		l := c.next(kindEntry, r.tenant)
		l.summary = &r.summary
		var key int64
		if entry, key, err = c.append(ctx, tx, l, packed, r.rows); err != nil {
			return err
		}
		if r.verdicts != nil {
			if err := keepVerdicts(ctx, tx, c.key, key, r.verdicts); err != nil {
				return err
			}
		}
		return s.settle(ctx, tx, c.key, collected{key, a.Evidence.CollectedAt})
	})
	if err != nil {
		return Entry{}, false, s.fail("writing to", err)
	}
	return entry, isNew, nil
}

// chain is the chain of a tenant, which this transaction alone may extend.
type chain struct {
	key   int64
	links int64
	head  string
}

// lock returns the chain of a tenant, and makes it if there is none. It waits for others that extend it.
func lock(ctx context.Context, tx *sql.Tx, tenant string) (*chain, error) {
	if _, err := tx.ExecContext(ctx, "INSERT INTO tenants (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", tenant); err != nil {
		return nil, err
	}
	c := new(chain)
	err := tx.QueryRowContext(ctx, "UPDATE tenants SET links = links WHERE id = $1 RETURNING tenant_key, links, head", tenant).
		Scan(&c.key, &c.links, &c.head)
	return c, err
}

// next returns the header of a link that would follow the last one.
func (c *chain) next(kind string, tenant engine.Tenant) *link {
	return &link{Kind: kind, ID: c.links + 1, Tenant: tenant, Previous: c.head}
}

// find returns the entry that has the same content; [sql.ErrNoRows] if there is none.
func (c *chain) find(ctx context.Context, tx *sql.Tx, s summary) (stored, error) {
	return scanEntry(tx.QueryRowContext(ctx, selectEntries+" WHERE e.tenant_key = $1 AND e.origin = $2 AND e.content = $3", c.key, s.Origin, s.Content))
}

// append stores an entry, and returns it with its key. The assessment is left out if packed is nil.
func (c *chain) append(ctx context.Context, tx *sql.Tx, l *link, packed []byte, rows []Row) (entry Entry, key int64, err error) {
	hash, err := l.hash()
	if err != nil {
		return Entry{}, 0, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO entries (tenant_key, seq, previous, hash, name, origin, evaluated_at, evidence, catalog, parameters,
		register, engine, records, content, achieved, total, assessed_total, percent, planned, planned_percent, licensed, licensed_percent, achievable,
		achievable_percent) VALUES (`+places(1, 24)+`) RETURNING entry_key`,
		c.key, l.ID, l.Previous, hash, l.Tenant.Name, l.Origin, l.EvaluatedAt.UnixMicro(), l.Digests.Evidence, l.Digests.Catalog, l.Digests.Parameters,
		l.Digests.Register, l.Digests.Engine, l.Digests.Records, l.Content, l.Score.Achieved, l.Score.Total, l.Score.AssessedTotal, l.Score.Percent,
		l.Score.Planned.Points, l.Score.Planned.Percent, l.Score.CurrentLicense.Points, l.Score.CurrentLicense.Percent,
		l.Score.Achievable.Points, l.Score.Achievable.Percent).Scan(&key)
	if err != nil {
		return Entry{}, 0, err
	}
	if err := c.extend(ctx, tx, hash); err != nil {
		return Entry{}, 0, err
	}
	if packed != nil {
		if err := fill(ctx, tx, key, packed, rows); err != nil {
			return Entry{}, 0, err
		}
	}
	return l.entry(hash, packed == nil), key, nil
}

// extend makes a link the last one.
func (c *chain) extend(ctx context.Context, tx *sql.Tx, hash string) error {
	c.links, c.head = c.links+1, hash
	_, err := tx.ExecContext(ctx, "UPDATE tenants SET links = $1, head = $2 WHERE tenant_key = $3", c.links, c.head, c.key)
	return err
}

// fill stores the assessment of an entry, and what queries ask of it.
func fill(ctx context.Context, tx *sql.Tx, key int64, packed []byte, rows []Row) error {
	if _, err := tx.ExecContext(ctx, "INSERT INTO contents (entry_key, assessment) VALUES ($1, $2)", key, packed); err != nil {
		return err
	}
	keys, err := intern(ctx, tx, rows)
	if err != nil {
		return err
	}
	const columns = 10
	for batch := range slices.Chunk(rows, maxBatch) {
		args := make([]any, 0, columns*len(batch))
		for _, row := range batch {
			args = append(args, key, keys[row.named()], code16(outcomes(), row.Outcome), code16(statuses(), row.Status), number(row.Preview), row.Achieved, row.Max)
			args = append(args, row.counts()...)
		}
		if err := insert(ctx, tx, "results (entry_key, action_key, outcome, status, preview, achieved, max, compliant, in_scope, records)", columns, args, ""); err != nil {
			return err
		}
	}
	return fillSums(ctx, tx, key, sumsOf(rows))
}

// fillSums stores the sums of the results of an entry.
func fillSums(ctx context.Context, tx *sql.Tx, key int64, sums []Sum) error {
	const columns = 7
	for batch := range slices.Chunk(sums, maxBatch) {
		args := make([]any, 0, columns*len(batch))
		for _, sum := range batch {
			args = append(args, key, sum.Category, sum.Product, code16(statuses(), sum.Status), sum.Actions, sum.Achieved, sum.Total)
		}
		if err := insert(ctx, tx, "sums (entry_key, category, product, status, actions, achieved, total)", columns, args, ""); err != nil {
			return err
		}
	}
	return nil
}

// maxBatch is how many rows one statement inserts: SQLite takes long to look at many parameters.
const maxBatch = 40

// intern returns the keys of actions, and stores those that are new.
func intern(ctx context.Context, tx *sql.Tx, rows []Row) (map[named]int64, error) {
	known, err := readActions(ctx, tx)
	if err != nil {
		return nil, err
	}
	var args []any
	for _, row := range rows { // sorted by id, so that two processes don't wait for one another
		if _, ok := known[row.named()]; !ok {
			args = append(args, row.Action, row.Category, row.Product)
		}
	}
	if len(args) == 0 {
		return known, nil
	}
	const columns = 3
	for batch := range slices.Chunk(args, columns*maxBatch) {
		if err := insert(ctx, tx, "actions (id, category, product)", columns, batch, " ON CONFLICT DO NOTHING"); err != nil {
			return nil, err
		}
	}
	return readActions(ctx, tx)
}

// named is what identifies an action over time.
type named struct{ id, category, product string }

func readActions(ctx context.Context, tx *sql.Tx) (map[named]int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT action_key, id, category, product FROM actions")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	known := map[named]int64{}
	for rows.Next() {
		var (
			key int64
			n   named
		)
		if err := rows.Scan(&key, &n.id, &n.category, &n.product); err != nil {
			return nil, err
		}
		known[n] = key
	}
	return known, rows.Err()
}

// insert inserts rows into a table with so many columns.
func insert(ctx context.Context, tx *sql.Tx, table string, columns int, args []any, conflict string) error {
	var values []string
	for i := 0; i < len(args); i += columns {
		values = append(values, "("+places(i+1, columns)+")")
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO "+table+" VALUES "+strings.Join(values, ", ")+conflict, args...)
	return err
}

// places returns placeholders of arguments, from a number on.
func places(first, count int) string {
	list := make([]string, count)
	for i := range list {
		list[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(list, ", ")
}

// checkpoint appends a link that says whose assessments were dropped.
func (c *chain) checkpoint(ctx context.Context, tx *sql.Tx, l *link) (string, error) {
	hash, err := l.hash()
	if err != nil {
		return "", err
	}
	dropped, err := json.Marshal(l.Dropped)
	if err != nil {
		return "", err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO checkpoints (tenant_key, seq, previous, hash, name, dropped) VALUES ("+places(1, 6)+")",
		c.key, l.ID, l.Previous, hash, l.Tenant.Name, string(dropped))
	if err != nil {
		return "", err
	}
	return hash, c.extend(ctx, tx, hash)
}
