package history

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/score"
)

// Standing is where a tenant stands: its latest assessment of posture's, and why it differs from the one before.
type Standing struct {
	engine.Tenant
	Entry       int64 // its number
	EvaluatedAt time.Time
	CollectedAt time.Time                // zero if it can't be read
	Score       engine.Score             // without categories and products
	Change      *attribution.Amount      // nil if there is nothing before
	Attribution *attribution.Attribution // of the change; nil if nothing can be said
}

// Order is what a list of tenants is sorted by.
type Order string

// The orders. The zero value is ByName.
const (
	ByName   Order = "name" // or the id, without regard to case
	ByScore  Order = "score"
	ByChange Order = "change" // in points; nothing before is no change
	ByTime   Order = "time"   // of the assessment
)

// Query says which tenants to list. Its zero value finds all, and lists none.
type Query struct {
	Search     string // a part of the name or the id, without regard to case
	Sort       Order
	Descending bool
	From       int // how many to pass over
	Limit      int // how many to list
}

// maxSearch bounds, in bytes, what is searched for.
const maxSearch = 2 * maxName

// column returns what a list is sorted by.
func (q Query) column() string {
	switch q.Sort {
	case ByScore:
		return "s.percent"
	case ByChange:
		return "s.change_points"
	case ByTime:
		return "s.evaluated_at"
	}
	return "s.name"
}

// Standings returns tenants of which there is an assessment of posture's, and how many the query finds without its limit. Those that are equal
// are in the order in which they were stored first.
func (s *Store) Standings(ctx context.Context, q Query) ([]Standing, int, error) {
	var (
		found []Standing
		count int
	)
	err := s.read(ctx, func(tx *sql.Tx) (err error) {
		found, count, err = s.standings(ctx, tx, q)
		return err
	})
	return found, count, s.fail("listing the tenants of", err)
}

func (s *Store) standings(ctx context.Context, tx *sql.Tx, q Query) (found []Standing, count int, err error) {
	where, args := "", []any{}
	if q.Search != "" {
		escape := strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)
		where = ` WHERE s.search LIKE $1 ESCAPE '\'`
		args = append(args, "%"+escape.Replace(fold(cut(q.Search)))+"%")
	}
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM standings s"+where, args...).Scan(&count); err != nil || q.Limit < 1 {
		return nil, count, err
	}
	direction := ""
	if q.Descending {
		direction = " DESC"
	}
	order := fmt.Sprintf(" ORDER BY %s%s, s.tenant_key%s", q.column(), direction, direction)
	// What is passed over is not joined.
	chosen := fmt.Sprintf("(SELECT * FROM standings s%s%s LIMIT %d OFFSET %d) s", where, order, q.Limit, max(q.From, 0))
	statement := fmt.Sprintf(selectStandings, chosen) + order
	found, err = list(query(ctx, tx, s.scanStanding, statement, args...))
	if err != nil {
		return nil, 0, err
	}
	for i := range found {
		if found[i].CollectedAt.IsZero() {
			if found[i].CollectedAt, err = s.collectedAt(ctx, tx, found[i]); err != nil {
				return nil, 0, err
			}
		}
	}
	return found, count, nil
}

// selectStandings selects what scanStanding scans, from the standings that it is given.
const selectStandings = "SELECT " + entryColumns + `, s.before_key, s.collected_at, s.change_points, s.change_total, s.change_percent, x.attribution
	FROM %s JOIN entries e ON e.entry_key = s.entry_key AND e.tenant_key = s.tenant_key JOIN tenants t ON t.tenant_key = s.tenant_key
	LEFT JOIN changes x ON x.entry_key = s.entry_key AND x.before_key = s.before_key`

func (s *Store) scanStanding(row scanner) (Standing, error) {
	var (
		before, at sql.NullInt64
		change     attribution.Amount
		packed     []byte
	)
	e, err := scanEntry(row, &before, &at, &change.Points, &change.Total, &change.Percent, &packed)
	if err != nil {
		return Standing{}, err
	}
	found := Standing{Tenant: e.Tenant, Entry: e.ID, EvaluatedAt: e.EvaluatedAt, Score: e.Score}
	if at.Valid {
		found.CollectedAt = time.UnixMicro(at.Int64).UTC()
	}
	if !before.Valid {
		return found, nil
	}
	found.Change = &change
	// The list is of use without the reasons, too: they are damaged, or those of a later version.
	if text, err := s.unpack(packed); err == nil && len(packed) > 0 {
		if json.Unmarshal(text, &found.Attribution) != nil {
			found.Attribution = nil
		}
	}
	if found.Attribution != nil && found.CollectedAt.IsZero() {
		found.CollectedAt = found.Attribution.New.CollectedAt
	}
	return found, nil
}

// collectedAt returns when the evidence of an entry was collected; zero if the assessment is damaged.
func (s *Store) collectedAt(ctx context.Context, q querier, of Standing) (time.Time, error) {
	entry, err := s.entry(ctx, q, of.ID, of.Entry)
	if err != nil {
		return time.Time{}, err
	}
	packed, err := content(ctx, q, entry.key)
	if err != nil {
		return time.Time{}, ignore(ignore(err, ErrPruned), errDigest)
	}
	text, err := s.unpack(packed)
	if err != nil || digest(text) != entry.Content {
		return time.Time{}, nil //nolint:nilerr // see above
	}
	return collectedIn(text), nil
}

// collectedIn returns when the evidence of an assessment was collected, without reading more of its JSON than that needs.
func collectedIn(text []byte) time.Time {
	var evidence struct {
		CollectedAt time.Time `json:"collected_at"`
	}
	dec := jsontext.NewDecoder(bytes.NewReader(text))
	if _, err := dec.ReadToken(); err != nil {
		return time.Time{}
	}
	for dec.PeekKind() == '"' {
		name, err := dec.ReadToken()
		if err != nil {
			break
		}
		wanted := name.String() == "evidence"
		value, err := dec.ReadValue()
		if err != nil {
			break
		}
		if wanted {
			_ = json.Unmarshal(value, &evidence)
			break
		}
	}
	return evidence.CollectedAt
}

// collected says when the evidence of an entry was collected. The entry is 0 if that is not known.
type collected struct {
	entry int64 // its key
	at    time.Time
}

// stood is an entry as far as a standing rests on it.
type stood struct {
	key, at                  int64
	id, name                 string
	achieved, total, percent score.Points
}

// restand stores where a tenant stands.
func restand(ctx context.Context, tx *sql.Tx, tenant int64, known collected) error {
	last, err := list(query(ctx, tx, func(row scanner) (e stood, err error) {
		err = row.Scan(&e.key, &e.at, &e.id, &e.name, &e.achieved, &e.total, &e.percent)
		return e, err
	}, `SELECT e.entry_key, e.evaluated_at, t.id, e.name, e.achieved, e.total, e.percent FROM entries e JOIN tenants t ON t.tenant_key = e.tenant_key
		WHERE e.tenant_key = $1 AND e.origin = $2 AND EXISTS (SELECT 1 FROM contents c WHERE c.entry_key = e.entry_key)
		ORDER BY e.evaluated_at DESC, e.seq DESC LIMIT 2`, tenant, Posture))
	if err != nil {
		return err
	}
	if len(last) == 0 {
		_, err := tx.ExecContext(ctx, "DELETE FROM standings WHERE tenant_key = $1", tenant)
		return err
	}
	e := last[0]
	var (
		at, before sql.NullInt64
		change     attribution.Amount
	)
	if known.entry == e.key {
		at = sql.NullInt64{Int64: stamp(known.at).UnixMicro(), Valid: true}
	} else if err := tx.QueryRowContext(ctx, "SELECT collected_at FROM standings WHERE tenant_key = $1 AND entry_key = $2", tenant, e.key).Scan(&at); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if len(last) > 1 {
		b := last[1]
		before = sql.NullInt64{Int64: b.key, Valid: true}
		change = attribution.Amount{Points: score.Delta(e.achieved - b.achieved), Total: score.Delta(e.total - b.total), Percent: score.Delta(e.percent - b.percent)}
	}
	name := cmp.Or(e.name, e.id)
	_, err = tx.ExecContext(ctx, `INSERT INTO standings (tenant_key, entry_key, before_key, name, search, evaluated_at, collected_at, percent,
		change_points, change_total, change_percent) VALUES (`+places(1, 11)+`) ON CONFLICT (tenant_key) DO UPDATE SET entry_key = excluded.entry_key,
		before_key = excluded.before_key, name = excluded.name, search = excluded.search, evaluated_at = excluded.evaluated_at,
		collected_at = excluded.collected_at, percent = excluded.percent, change_points = excluded.change_points,
		change_total = excluded.change_total, change_percent = excluded.change_percent`,
		tenant, e.key, before, fold(name), fold(e.name+"\n"+e.id), e.at, at, e.percent, change.Points, change.Total, change.Percent)
	return err
}

// fold returns a text as it is searched for and sorted by.
func fold(text string) string { return strings.ToLower(text) }

// cut shortens what is searched for, and leaves out what no stored text has.
func cut(text string) string {
	if len(text) > maxSearch {
		text = text[:maxSearch]
	}
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "")
}

// standAll is a migration: it stores where the tenants of an older store stand.
func standAll(ctx context.Context, tx *sql.Tx) error {
	tenants, err := list(query(ctx, tx, func(row scanner) (key int64, err error) {
		err = row.Scan(&key)
		return key, err
	}, "SELECT tenant_key FROM tenants ORDER BY tenant_key"))
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		if err := restand(ctx, tx, tenant, collected{}); err != nil {
			return err
		}
	}
	return nil
}

// Select returns what a query finds of a list of tenants, as [Store.Standings] does.
func Select(all []Standing, q Query) ([]Standing, int) {
	search := fold(cut(q.Search))
	var found []Standing
	for _, s := range all {
		if strings.Contains(fold(s.Name+"\n"+s.ID), search) {
			found = append(found, s)
		}
	}
	order := func(a, b Standing) int {
		switch q.Sort {
		case ByScore:
			return cmp.Compare(a.Score.Percent, b.Score.Percent)
		case ByChange:
			return cmp.Compare(a.changed(), b.changed())
		case ByTime:
			return a.EvaluatedAt.Compare(b.EvaluatedAt)
		}
		return cmp.Compare(fold(cmp.Or(a.Name, a.ID)), fold(cmp.Or(b.Name, b.ID)))
	}
	slices.SortFunc(found, func(a, b Standing) int {
		if q.Descending {
			a, b = b, a
		}
		return cmp.Or(order(a, b), cmp.Compare(a.ID, b.ID))
	})
	from := min(max(q.From, 0), len(found))
	return found[from : from+min(max(q.Limit, 0), len(found)-from)], len(found)
}

func (s *Standing) changed() score.Delta {
	if s.Change == nil {
		return 0
	}
	return s.Change.Points
}

// Head returns the hash of the last link of a tenant; empty if the store does not have the tenant.
func (s *Store) Head(ctx context.Context, tenant string) (string, error) {
	var head string
	err := s.db.QueryRowContext(ctx, "SELECT head FROM tenants WHERE id = $1", foldTenant(tenant)).Scan(&head)
	return head, s.fail("reading", ignore(err, sql.ErrNoRows))
}

// State returns a text that is another one once anything was appended.
func (s *Store) State(ctx context.Context) (string, error) {
	var tenants, links int64
	err := s.db.QueryRowContext(ctx, "SELECT count(*), CAST(coalesce(sum(links), 0) AS BIGINT) FROM tenants").Scan(&tenants, &links)
	return fmt.Sprintf("%d links of %d tenants", links, tenants), s.fail("reading", err)
}
