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

	"github.com/posture-score/posture/engine"
)

// Problem is what is wrong with a link of a chain.
type Problem string

// The problems.
const (
	Changed   Problem = "changed"   // its header, assessment or results are not those that were stored
	Removed   Problem = "removed"   // links before it, or the last ones, are gone
	Inserted  Problem = "inserted"  // no link follows it, and it is not the last one
	Reordered Problem = "reordered" // it is not in its place
	Lost      Problem = "lost"      // its assessment is gone, and no checkpoint says that retention dropped it
	Orphaned  Problem = "orphaned"  // rows of no tenant, or of no entry
)

// Finding is what is wrong with one link.
type Finding struct {
	ID      int64   `json:"id"` // its number
	Problem Problem `json:"problem"`
	Detail  string  `json:"detail"`
}

// Verification is what came out of verifying the chain of a tenant.
type Verification struct {
	Tenant      engine.Tenant
	Links       int64 // entries and checkpoints
	Entries     int64
	Checkpoints int64
	Pruned      int64 // entries whose assessments retention dropped
	Head        string
	Hashes      []string  // of all links, in order
	Findings    []Finding // in the order of links
}

// Position returns the number of the link that has a hash; 0 if none has.
func (v *Verification) Position(hash string) int64 { return int64(slices.Index(v.Hashes, hash) + 1) }

// Verify reads the whole chain of every tenant of a filter, of which the other fields don't count, and says what is wrong with it. It
// can't know of links that were cut off at the end, nor of a chain that somebody computed anew: who noted its head earlier can.
func (s *Store) Verify(ctx context.Context, f Filter) ([]Verification, error) {
	var all []Verification
	err := s.read(ctx, func(tx *sql.Tx) error {
		chains, err := list(query(ctx, tx, scanChain, selectChains, foldTenant(f.Tenant)))
		if err != nil {
			return err
		}
		for _, c := range chains {
			v, err := s.verify(ctx, tx, c)
			if err != nil {
				return fmt.Errorf("tenant %s: %w", clip(c.tenant), err)
			}
			all = append(all, *v)
		}
		if f.Tenant != "" {
			return nil
		}
		v, err := orphans(ctx, tx)
		if err == nil && len(v.Findings) > 0 {
			all = append(all, *v)
		}
		return err
	})
	return all, s.fail("reading", err)
}

// orphans finds rows that no chain leads to: their tenant or entry is gone.
func orphans(ctx context.Context, tx *sql.Tx) (*Verification, error) {
	v := &Verification{Tenant: engine.Tenant{ID: "(no tenant)"}}
	for _, owner := range []struct{ table, key, what string }{{"tenants", "tenant_key", "tenant"}, {"entries", "entry_key", "entry"}} {
		tables := []string{"entries", "checkpoints"}
		if owner.table == "entries" {
			tables = []string{"contents", "results", "sums", "verdicts", "changes"}
		}
		for _, table := range tables {
			var count int64
			statement := "SELECT count(*) FROM " + table + " x WHERE NOT EXISTS (SELECT 1 FROM " + owner.table + " o WHERE o." + owner.key + " = x." + owner.key + ")"
			if err := tx.QueryRowContext(ctx, statement).Scan(&count); err != nil {
				return nil, err
			}
			if count > 0 {
				v.Findings = append(v.Findings, Finding{0, Orphaned, fmt.Sprintf("%d rows of %s are of no %s: it was deleted", count, table, owner.what)})
			}
			if table == "entries" {
				v.Entries = count
			}
		}
	}
	v.Links = v.Entries
	return v, nil
}

// tenantChain is a chain as it says itself that it is.
type tenantChain struct {
	chain
	tenant string
}

// selectChains selects the chains of one tenant, or of all.
const selectChains = "SELECT tenant_key, id, links, head FROM tenants WHERE $1 = '' OR id = $1 ORDER BY id"

func scanChain(row scanner) (c tenantChain, err error) {
	err = row.Scan(&c.key, &c.tenant, &c.links, &c.head)
	return c, err
}

// linked is a link as it is stored.
type linked struct {
	link
	hash string
	key  int64 // of an entry
	gone bool  // an entry without an assessment
}

// readLinks returns the links of a chain, sorted by number.
func readLinks(ctx context.Context, tx *sql.Tx, c tenantChain) ([]linked, error) {
	links, err := list(query(ctx, tx, func(row scanner) (linked, error) {
		found, err := scanEntry(row)
		return linked{found.link, found.Hash, found.key, found.Pruned}, err
	}, selectEntries+" WHERE e.tenant_key = $1", c.key))
	if err != nil && !corrupt(err) {
		return nil, err
	}
	checkpoints, failed := list(query(ctx, tx, func(row scanner) (linked, error) {
		l := linked{link: link{Kind: kindCheckpoint, Tenant: engine.Tenant{ID: c.tenant}}}
		var dropped string
		err := row.Scan(&l.ID, &l.Previous, &l.hash, &l.Tenant.Name, &dropped)
		if err == nil && json.Unmarshal([]byte(dropped), &l.Dropped) != nil {
			l.Dropped = nil // its hash says that it was changed
		}
		return l, err
	}, "SELECT seq, previous, hash, name, dropped FROM checkpoints WHERE tenant_key = $1", c.key))
	links = append(links, checkpoints...)
	slices.SortStableFunc(links, func(a, b linked) int { return cmp.Compare(a.ID, b.ID) })
	return links, errors.Join(err, failed)
}

// verify verifies one chain.
func (s *Store) verify(ctx context.Context, tx *sql.Tx, c tenantChain) (*Verification, error) {
	links, err := readLinks(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	findings, err := checkOrder(links, c.chain)
	if err != nil {
		return nil, err
	}
	v := &Verification{Tenant: engine.Tenant{ID: c.tenant}, Links: int64(len(links)), Head: c.head, Findings: findings}
	dropped := map[int64]bool{}
	for _, l := range links {
		v.Hashes = append(v.Hashes, l.hash)
		v.Tenant.Name = l.Tenant.Name
		for _, id := range l.Dropped {
			dropped[id] = true
		}
	}
	if err := s.checkEntries(ctx, tx, v, links, dropped); err != nil {
		return nil, err
	}
	slices.SortStableFunc(v.Findings, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Problem, b.Problem)) })
	v.Findings = slices.CompactFunc(v.Findings, func(a, b Finding) bool { return a.ID == b.ID && a.Problem == b.Problem }) // the first says enough
	return v, nil
}

// checkOrder compares the links of a chain, sorted by number, with their hashes, and with the end of the chain as it says itself.
func checkOrder(links []linked, c chain) ([]Finding, error) {
	computed := make([]string, len(links))
	byHash := map[string]int{}
	for i := range links {
		var err error
		if computed[i], err = links[i].link.hash(); err != nil {
			return nil, err
		}
		byHash[computed[i]] = i
	}
	for i, l := range links { // one of which the header was changed is found by the hash that it had
		byHash[l.hash] = i
	}
	numbers, findings := follow(links, byHash, c)
	for i, l := range links {
		number, followed := numbers[i]
		switch {
		case !followed:
			findings = append(findings, Finding{l.ID, Inserted, "no link follows it, and it is not the last one"})
		case computed[i] == l.hash:
		case movedFrom(l, number):
			findings = append(findings, Finding{l.ID, Reordered, fmt.Sprintf("it was stored as number %d", number)})
		default:
			findings = append(findings, Finding{l.ID, Changed, "its header is not the one that was stored"})
		}
	}
	return findings, nil
}

// follow follows a chain from its end, since each link names the one before it. It returns which number each link should have that
// it comes to, by its place among the links, and where links are gone.
func follow(links []linked, byHash map[string]int, c chain) (numbers map[int]int64, findings []Finding) {
	numbers = map[int]int64{}
	at, number := len(links)-1, c.links
	switch end, ok := byHash[c.head]; {
	case ok:
		at = end
	case at >= 0:
		number = links[at].ID
		findings = append(findings, Finding{number + 1, Removed, "the links after it are gone, at the end of the chain"})
	case c.links > 0:
		findings = append(findings, Finding{1, Removed, "the whole chain is gone"})
	}
	for at >= 0 {
		numbers[at] = number
		if links[at].Previous == "" {
			break
		}
		before, ok := byHash[links[at].Previous]
		if _, seen := numbers[before]; ok && !seen {
			at, number = before, number-1
			continue
		}
		findings = append(findings, Finding{links[at].ID, Removed, "the link before it is gone"})
		// What is left of the chain goes on before the gap.
		for at--; at >= 0; at-- {
			if _, seen := numbers[at]; !seen {
				number = links[at].ID
				break
			}
		}
	}
	return numbers, findings
}

// movedFrom reports whether a link would be sound with another number.
func movedFrom(l linked, number int64) bool {
	l.ID = number
	hash, err := l.link.hash()
	return err == nil && hash == l.hash
}

// checkEntries compares what is stored of the entries with their headers, and counts them. It goes by origin and time, so that each is
// at hand when the next one is compared with it.
func (s *Store) checkEntries(ctx context.Context, tx *sql.Tx, v *Verification, links []linked, dropped map[int64]bool) error {
	var entries []linked
	for _, l := range links {
		if l.Kind == kindCheckpoint {
			v.Checkpoints++
			continue
		}
		entries = append(entries, l)
	}
	v.Entries = int64(len(entries))
	slices.SortStableFunc(entries, func(a, b linked) int {
		return cmp.Or(cmp.Compare(a.Origin, b.Origin), a.EvaluatedAt.Compare(b.EvaluatedAt), cmp.Compare(a.ID, b.ID))
	})
	var (
		before checked
		known  keyring
	)
	for _, l := range entries {
		if l.gone && dropped[l.ID] {
			v.Pruned++
			continue
		}
		if l.gone {
			v.Findings = append(v.Findings, Finding{l.ID, Lost, "its assessment is gone, and no checkpoint says that retention dropped it"})
			continue
		}
		a, problem, err := s.checkContent(ctx, tx, l)
		if err != nil {
			return err
		}
		now := checked{key: l.key, origin: l.Origin}
		now.Assessment = a
		if err := now.checkKeys(ctx, tx, l, &known); err != nil {
			return err
		}
		if problem = cmp.Or(problem, now.keyed); problem == "" && before.Assessment != nil && before.origin == l.Origin && before.keyed == "" {
			problem, err = s.checkChange(ctx, tx, before, now)
		}
		if err != nil {
			return err
		}
		if problem != "" {
			v.Findings = append(v.Findings, Finding{l.ID, Changed, problem})
		}
		before = now
	}
	return nil
}

// checked is an entry that was read.
type checked struct {
	key      int64
	origin   Origin
	Recorded        // without an assessment if that is not sound
	keyed    string // what is wrong with its record keys
}

// checkKeys compares the record keys of an entry with its header. It keeps them if they are sound, and says what is wrong if not.
func (c *checked) checkKeys(ctx context.Context, tx *sql.Tx, l linked, known *keyring) (err error) {
	c.Verdicts, err = known.read(ctx, tx, l.key, l.Digests.Records)
	switch {
	case damaged(err):
		c.keyed = err.Error()
		return nil
	case err != nil || c.Verdicts != nil:
		return err
	}
	has, err := hasKeys(ctx, tx, l.key)
	if has {
		c.keyed = "it has record keys that its header does not name"
	}
	return err
}

// checkContent compares the assessment of an entry with its header, and with the results that queries read. It returns the assessment
// if that is sound, and what is wrong.
func (s *Store) checkContent(ctx context.Context, tx *sql.Tx, l linked) (*engine.Assessment, string, error) {
	packed, err := content(ctx, tx, l.key)
	if err != nil && !errors.Is(err, errDigest) {
		return nil, "", err
	}
	a, text, err := s.decode(packed, l.Content)
	if err != nil {
		return nil, err.Error(), nil //nolint:nilerr // it is a finding
	}
	r, err := recordOf(a, text, l.Origin)
	if err != nil {
		return nil, err.Error(), nil //nolint:nilerr // as above
	}
	r.summary.Digests.Records = l.Digests.Records // see checkEntries
	if r.summary != *l.summary || r.tenant != l.Tenant {
		return a, "its header is not that of its assessment", nil
	}
	rows, err := list(query(ctx, tx, scanRow, selectRows+" WHERE r.entry_key = $1 ORDER BY a.id", l.key))
	for i := range r.rows {
		r.rows[i].Entry = l.ID
	}
	if err != nil || !slices.EqualFunc(r.rows, rows, sameRow) {
		return a, "the results that queries read are not those of its assessment", ctx.Err()
	}
	sums, err := list(query(ctx, tx, scanSum, selectSums+" WHERE s.entry_key = $1 ORDER BY s.category, s.product, s.status", l.key))
	if err != nil || !slices.Equal(sumsOf(r.rows), sums) {
		return a, "the sums that queries read are not those of its assessment", ctx.Err()
	}
	return a, "", nil
}

// checkChange compares the change of an entry that is stored with what the two assessments say.
func (s *Store) checkChange(ctx context.Context, tx *sql.Tx, before, after checked) (string, error) {
	var (
		key, version int64
		packed       []byte
	)
	err := tx.QueryRowContext(ctx, "SELECT before_key, version, attribution FROM changes WHERE entry_key = $1", after.key).Scan(&key, &version, &packed)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (key != before.key || version != method) {
		return "", nil // it is computed before it is read
	}
	if err != nil {
		return "", err
	}
	a, err := Compare(before.Recorded, after.Recorded)
	if err != nil {
		return "", err
	}
	want, err := compact(a)
	if err != nil {
		return "", err
	}
	if text, err := s.unpack(packed); err != nil || !bytes.Equal(text, want) {
		return "what is stored of its change is not what its assessment and the one before it say", nil //nolint:nilerr // it is a finding
	}
	return "", nil
}

func sameRow(a, b Row) bool {
	if (a.Coverage == nil) != (b.Coverage == nil) || a.Coverage != nil && *a.Coverage != *b.Coverage {
		return false
	}
	a.Coverage, b.Coverage = nil, nil
	return a == b
}
