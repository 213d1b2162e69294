package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
)

// Filter chooses entries. The zero value of a field stands for any.
type Filter struct {
	Tenant string    // id
	Origin Origin    // default [Posture]; [Any] for all
	From   time.Time // the first time
	To     time.Time // the first time that is too late
	Action string    // of results: id
	Newest bool      // newest first, instead of oldest
	Brief  bool      // of changes: they name a few of the records that moved, and are read far quicker
	Limit  int       // at most so many entries, or results
}

// Any is every origin.
const Any Origin = "any"

// where returns the condition of a statement over entries as e and tenants as t, its arguments, and its order.
func (f Filter) where() (condition string, args []any) {
	conditions := []string{"1 = 1"}
	add := func(text string, arg any) {
		args = append(args, arg)
		conditions = append(conditions, fmt.Sprintf(text, len(args)))
	}
	if f.Tenant != "" {
		add("t.id = $%d", foldTenant(f.Tenant))
	}
	switch f.Origin {
	case Any:
	case "":
		add("e.origin = $%d", Posture)
	default:
		add("e.origin = $%d", f.Origin)
	}
	if !f.From.IsZero() {
		add("e.evaluated_at >= $%d", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		add("e.evaluated_at < $%d", f.To.UnixMicro())
	}
	return " WHERE " + strings.Join(conditions, " AND "), args
}

// order returns the order of entries, which is of tenants, time and numbers, and of what follows.
func (f Filter) order(then string) string {
	text := " ORDER BY t.id, e.evaluated_at, e.seq" + then
	if f.Newest {
		text = " ORDER BY t.id, e.evaluated_at DESC, e.seq DESC" + then
	}
	if f.Limit > 0 {
		text += fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	return text
}

// entryColumns are what scanEntry scans, of entries as e and tenants as t.
const entryColumns = `e.entry_key, t.id, e.seq, e.previous, e.hash, e.name, e.origin, e.evaluated_at, e.evidence, e.catalog, e.parameters,
	e.register, e.engine, e.records, e.content, e.achieved, e.total, e.assessed_total, e.percent, e.planned, e.planned_percent, e.licensed,
	e.licensed_percent, e.achievable, e.achievable_percent, EXISTS (SELECT 1 FROM contents c WHERE c.entry_key = e.entry_key)`

// selectEntries selects entries.
const selectEntries = "SELECT " + entryColumns + " FROM entries e JOIN tenants t ON t.tenant_key = e.tenant_key"

// stored is an entry with its key.
type stored struct {
	Entry
	key  int64
	link link
}

// scanner is a row.
type scanner interface{ Scan(...any) error }

// scanEntry reads an entry, and what follows it in the row.
func scanEntry(row scanner, more ...any) (stored, error) {
	var (
		found   stored
		s       summary
		at      int64
		content bool
	)
	l := &link{Kind: kindEntry, summary: &s}
	v := &s.Score.Views
	columns := []any{
		&found.key, &l.Tenant.ID, &l.ID, &l.Previous, &found.Hash, &l.Tenant.Name, &s.Origin, &at, &s.Digests.Evidence, &s.Digests.Catalog,
		&s.Digests.Parameters, &s.Digests.Register, &s.Digests.Engine, &s.Digests.Records, &s.Content, &s.Score.Achieved, &s.Score.Total, &s.Score.AssessedTotal,
		&s.Score.Percent, &v.Planned.Points, &v.Planned.Percent, &v.CurrentLicense.Points, &v.CurrentLicense.Percent, &v.Achievable.Points,
		&v.Achievable.Percent, &content,
	}
	err := row.Scan(append(columns, more...)...)
	s.EvaluatedAt = time.UnixMicro(at).UTC()
	found.link, found.Entry = *l, l.entry(found.Hash, !content)
	return found, err
}

func scanStored(row scanner) (stored, error) { return scanEntry(row) }

// Entries returns the entries of a filter, sorted by tenant and time. The iteration ends at the first error.
func (s *Store) Entries(ctx context.Context, f Filter) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		where, args := f.where()
		for found, err := range query(ctx, s.db, scanStored, selectEntries+where+f.order(""), args...) {
			if !yield(found.Entry, s.fail("reading", err)) || err != nil {
				return
			}
		}
	}
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// query returns what a statement selects, row by row. The iteration ends at the first error.
func query[V any](ctx context.Context, q querier, scan func(scanner) (V, error), statement string, args ...any) iter.Seq2[V, error] {
	return func(yield func(V, error) bool) {
		var none V
		rows, err := q.QueryContext(ctx, statement, args...)
		if err != nil {
			yield(none, err)
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			value, err := scan(rows)
			if !yield(value, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(none, err)
		}
	}
}

// list gathers what an iterator returns up to the first error.
func list[V any](seq iter.Seq2[V, error]) ([]V, error) {
	var values []V
	for value, err := range seq {
		if err != nil {
			return values, err
		}
		values = append(values, value)
	}
	return values, nil
}

// ErrUnknown is an entry that is not there.
var ErrUnknown = errors.New("there is no such entry")

// ErrPruned is an entry whose assessment retention dropped.
var ErrPruned = errors.New("retention dropped its assessment: only its score is kept")

// errDigest is an assessment that was changed.
var errDigest = errors.New("the assessment is not the one that was stored: somebody changed it")

// Entry returns the entry of a tenant that has this number in its chain.
func (s *Store) Entry(ctx context.Context, tenant string, id int64) (Entry, error) {
	found, err := s.entry(ctx, s.db, tenant, id)
	return found.Entry, s.fail("reading", err)
}

func (s *Store) entry(ctx context.Context, q querier, tenant string, id int64) (stored, error) {
	found, err := scanEntry(q.QueryRowContext(ctx, selectEntries+" WHERE t.id = $1 AND e.seq = $2", foldTenant(tenant), id))
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrUnknown
	}
	if err != nil {
		return found, fmt.Errorf("entry %d: %w", id, err)
	}
	return found, nil
}

// Assessment returns the assessment of an entry. It is an [ErrUnknown] if there is no such entry, and an [ErrPruned] if retention
// dropped its assessment.
func (s *Store) Assessment(ctx context.Context, tenant string, id int64) (*engine.Assessment, error) {
	found, err := s.entry(ctx, s.db, tenant, id)
	if err != nil {
		return nil, s.fail("reading", err)
	}
	a, err := s.assessment(ctx, s.db, found)
	if err != nil {
		return nil, s.fail("reading", fmt.Errorf("entry %d: %w", id, err))
	}
	return a, nil
}

// assessment reads the assessment of an entry.
func (s *Store) assessment(ctx context.Context, q querier, found stored) (*engine.Assessment, error) {
	packed, err := content(ctx, q, found.key)
	if err != nil {
		return nil, err
	}
	a, _, err := s.decode(packed, found.Content)
	return a, err
}

// content returns the compressed assessment of an entry.
func content(ctx context.Context, q querier, key int64) ([]byte, error) {
	var size int64
	err := q.QueryRowContext(ctx, "SELECT length(assessment) FROM contents WHERE entry_key = $1", key).Scan(&size)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, ErrPruned
	case err != nil:
		return nil, err
	case size > maxContent:
		return nil, errDigest
	}
	var packed []byte
	err = q.QueryRowContext(ctx, "SELECT assessment FROM contents WHERE entry_key = $1", key).Scan(&packed)
	return packed, err
}

// Rows returns the results of actions in the entries of a filter, sorted by tenant, time and the id of the action. Entries whose
// assessments retention dropped have none.
func (s *Store) Rows(ctx context.Context, f Filter) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		where, args := f.where()
		if f.Action != "" {
			args = append(args, f.Action)
			where += fmt.Sprintf(" AND a.id = $%d", len(args))
		}
		for row, err := range query(ctx, s.db, scanRow, selectRows+where+f.order(", a.id"), args...) {
			if !yield(row, s.fail("reading", err)) || err != nil {
				return
			}
		}
	}
}

// selectRows selects what scanRow scans.
const selectRows = `SELECT e.seq, a.id, a.category, a.product, r.outcome, r.status, r.preview, r.achieved, r.max, r.compliant, r.in_scope, r.records
	FROM results r JOIN actions a ON a.action_key = r.action_key JOIN entries e ON e.entry_key = r.entry_key
	JOIN tenants t ON t.tenant_key = e.tenant_key`

func scanRow(row scanner) (Row, error) {
	var (
		r                            Row
		outcome, status, preview     int16
		compliant, inScope, sizeOfIt sql.NullInt64
	)
	err := row.Scan(&r.Entry, &r.Action, &r.Category, &r.Product, &outcome, &status, &preview, &r.Achieved, &r.Max, &compliant, &inScope, &sizeOfIt)
	if err != nil {
		return r, err
	}
	r.Preview = preview != 0
	if compliant.Valid {
		r.Coverage = &engine.Coverage{Compliant: compliant.Int64, InScope: inScope.Int64, Records: sizeOfIt.Int64}
	}
	if r.Outcome, err = word(outcomes(), outcome); err != nil {
		return r, err
	}
	r.Status, err = word(statuses(), status)
	return r, err
}

// Sums returns the sums of the entries of a filter, sorted by tenant, time, category, product and status. It is far quicker than to
// read the results of all actions. Entries whose assessments retention dropped have none.
func (s *Store) Sums(ctx context.Context, f Filter) iter.Seq2[Sum, error] {
	return func(yield func(Sum, error) bool) {
		where, args := f.where()
		statement := selectSums + where + f.order(", s.category, s.product, s.status")
		for sum, err := range query(ctx, s.db, scanSum, statement, args...) {
			if !yield(sum, s.fail("reading", err)) || err != nil {
				return
			}
		}
	}
}

// selectSums selects what scanSum scans.
const selectSums = `SELECT e.seq, s.category, s.product, s.status, s.actions, s.achieved, s.total
	FROM sums s JOIN entries e ON e.entry_key = s.entry_key JOIN tenants t ON t.tenant_key = e.tenant_key`

func scanSum(row scanner) (Sum, error) {
	var (
		sum    Sum
		status int16
	)
	err := row.Scan(&sum.Entry, &sum.Category, &sum.Product, &status, &sum.Actions, &sum.Achieved, &sum.Total)
	if err != nil {
		return sum, err
	}
	sum.Status, err = word(statuses(), status)
	return sum, err
}

// Tenant is what a store holds of a tenant.
type Tenant struct {
	engine.Tenant           // with the name of its latest entry
	Links         int64     // of its chain: entries and checkpoints
	Entries       int64     // of them
	Head          string    // hash of the last link
	First, Last   time.Time // of its entries
}

// Tenants returns the tenants of the store, sorted by id.
func (s *Store) Tenants(ctx context.Context) ([]Tenant, error) {
	tenants, err := list(query(ctx, s.db, func(row scanner) (Tenant, error) {
		var (
			t           Tenant
			first, last int64
		)
		err := row.Scan(&t.ID, &t.Name, &t.Links, &t.Entries, &t.Head, &first, &last)
		t.First, t.Last = time.UnixMicro(first).UTC(), time.UnixMicro(last).UTC()
		return t, err
	}, `SELECT t.id, (SELECT n.name FROM entries n WHERE n.tenant_key = t.tenant_key ORDER BY n.evaluated_at DESC, n.seq DESC LIMIT 1),
		t.links, count(*), t.head, min(e.evaluated_at), max(e.evaluated_at)
		FROM tenants t JOIN entries e ON e.tenant_key = t.tenant_key GROUP BY t.tenant_key, t.id, t.links, t.head ORDER BY t.id`))
	return tenants, s.fail("reading", err)
}
