package history

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/assessmentfile"
)

// SchemaVersion is the version of a line of an export; its schema is schemas/history.json.
const SchemaVersion = "1"

// line is a line of an export: a link of a chain, with the assessment of an entry that has one. The hash is the SHA-256 of the compact
// JSON of the link; the digest of the content that is in the link is the SHA-256 of the compact JSON of the assessment.
type line struct {
	SchemaVersion string          `json:"schema_version"`
	Hash          string          `json:"hash"`
	Link          link            `json:"link"`
	Assessment    json.RawMessage `json:"assessment,omitempty"`
	RecordKeys    []byte          `json:"record_keys,omitempty"` // all of them, so that a line stands by itself
}

// Export writes the chains of the tenants of a filter, of which the other fields don't count, as NDJSON: tenant by tenant, each link in
// its place. It returns how many links it wrote. In a damaged file of SQLite it leaves out what can't be read, writes the rest, and returns a
// [*PartialError].
func (s *Store) Export(ctx context.Context, w io.Writer, f Filter) (int64, error) {
	buffer := bufio.NewWriterSize(w, 64<<10)
	count, lost := int64(0), int64(0)
	err := s.read(ctx, func(tx *sql.Tx) error {
		chains, err := list(query(ctx, tx, scanChain, selectChains, foldTenant(f.Tenant)))
		if err != nil {
			return err
		}
		for _, c := range chains {
			links, err := readLinks(ctx, tx, c)
			if err != nil && !corrupt(err) {
				return err
			}
			if err != nil {
				lost += max(c.links-int64(len(links)), 1)
			}
			var known keyring
			for _, l := range links {
				missed, err := s.exportLink(ctx, tx, buffer, l, &known)
				if err != nil {
					return err
				}
				if missed {
					lost++
				}
				count++
			}
		}
		if lost > 0 {
			return &PartialError{s.shown, lost} // rolled back: SQLite commits nothing after such an error
		}
		return nil
	})
	var partial *PartialError
	if errors.As(err, &partial) {
		return count, errors.Join(partial, buffer.Flush())
	}
	if corrupt(err) {
		return count, fmt.Errorf("exporting the store %s: the file is damaged, and the list of its tenants can't be read: restore a copy", s.shown)
	}
	if err == nil {
		err = buffer.Flush()
	}
	return count, s.fail("exporting", err)
}

// PartialError is an export of a damaged store: what can be read was written.
type PartialError struct {
	store string
	Lost  int64 // entries that are left out, or without their assessments
}

func (e *PartialError) Error() string {
	return fmt.Sprintf("the store %s is damaged: everything was exported but %d entries or assessments, which can't be read", e.store, e.Lost)
}

// exportLink writes a link as it is stored, sound or not: [Store.Import] tells.
// It reports whether its assessment can't be read.
func (s *Store) exportLink(ctx context.Context, tx *sql.Tx, w io.Writer, l linked, known *keyring) (missed bool, err error) {
	out := line{SchemaVersion: SchemaVersion, Hash: l.hash, Link: l.link}
	if l.Kind == kindEntry && !l.gone {
		packed, err := content(ctx, tx, l.key)
		missed = corrupt(err)
		if err != nil && !missed && !errors.Is(err, errDigest) {
			return false, err
		}
		if text, err := s.unpack(packed); err == nil && json.Valid(text) {
			out.Assessment = text
		}
		verdicts, err := known.read(ctx, tx, l.key, l.Digests.Records)
		missed = missed || corrupt(err)
		if err != nil && !damaged(err) && !corrupt(err) {
			return missed, err
		}
		if verdicts != nil {
			if out.RecordKeys, err = packKeys(nil, verdicts); err != nil {
				return missed, err
			}
		}
	}
	text, err := compact(out)
	if err != nil {
		return missed, err
	}
	_, err = w.Write(append(text, '\n'))
	return missed, err
}

// Importing is what came out of an import.
type Importing struct {
	Lines    int64 // that are not empty
	Added    int64 // entries
	Known    int64 // entries that were there already
	Restored int64 // entries that were there without their assessments or record keys
	Damaged  []Damage
}

// Damage is what is wrong with a line. It costs this line, unless it says that the line was imported.
type Damage struct {
	Line     int64  `json:"line"`
	Tenant   string `json:"tenant,omitempty"`
	ID       int64  `json:"id,omitempty"` // number of the link in the file
	Detail   string `json:"detail"`
	Imported bool   `json:"imported"` // only its place in the chain is wrong, or its record keys
}

// maxLine bounds a line: an assessment, record keys in base64, and the link.
const maxLine = maxContent + (maxKeys+2)/3*4 + 1<<20

// Import adds the entries of an export that are not there yet. Where the chain of the file goes on where the chain of the store ends,
// as it does in an empty store, its links stay as they are; otherwise entries get new links at the end. Each line is verified: its hash,
// the digest of the assessment, the place in the chain. One that is damaged is left out and told. Each entry is stored by itself, so an
// import that was interrupted can be repeated.
func (s *Store) Import(ctx context.Context, r io.Reader) (Importing, error) {
	in := importer{store: s, tenants: map[string]*imported{}}
	lines := bufio.NewReaderSize(r, 256<<10)
	for number := int64(1); ; number++ {
		text, whole, err := readLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return in.done, fmt.Errorf("reading line %d: %w", number, err)
		}
		if len(bytes.TrimSpace(text)) > 0 {
			in.done.Lines++
			if failed := in.line(ctx, number, text, whole); failed != nil {
				return in.done, s.fail("importing into", fmt.Errorf("line %d: %w", number, failed))
			}
		}
		if err != nil {
			break
		}
	}
	return in.done, s.fail("importing into", in.finish(ctx))
}

// readLine reads a line, and reports whether it is whole: the rest of one that is too long is skipped.
func readLine(r *bufio.Reader) (text []byte, whole bool, err error) {
	whole = true
	for {
		part, err := r.ReadSlice('\n')
		if len(text)+len(part) <= maxLine {
			text = append(text, part...)
		} else {
			whole = false
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, whole, err
		}
	}
}

// importer is an import that goes on.
type importer struct {
	store   *Store
	tenants map[string]*imported
	done    Importing
}

// imported is what was seen of the chain of a tenant.
type imported struct {
	tenant engine.Tenant
	id     int64   // of the last link that is sound
	hash   string  // of it
	bare   []int64 // numbers in the store of entries without assessments
}

// line imports one line. An error is one of the store; what is wrong with the line is kept as damage.
func (in *importer) line(ctx context.Context, number int64, text []byte, whole bool) error {
	p, damage := parseLine(text, whole)
	if damage != nil {
		in.damage(number, p, damage.Error(), false)
		return nil
	}
	seen := in.tenants[p.link.Tenant.ID]
	if seen == nil {
		seen = new(imported)
		in.tenants[p.link.Tenant.ID] = seen
	}
	if p.link.Previous != seen.hash || p.link.ID != seen.id+1 {
		in.damage(number, p, "it does not follow the line before it: a link is missing there, damaged, or in another place", true)
	}
	if p.keyed != "" {
		in.damage(number, p, p.keyed, true)
	}
	seen.tenant, seen.id, seen.hash = p.link.Tenant, p.link.ID, p.hash
	return in.store.write(ctx, func(tx *sql.Tx) error { return in.link(ctx, tx, p, seen) })
}

func (in *importer) damage(number int64, p *parsed, detail string, imported bool) {
	d := Damage{Line: number, Detail: detail, Imported: imported}
	if p != nil {
		d.Tenant, d.ID = clip(p.link.Tenant.ID), p.link.ID
	}
	in.done.Damaged = append(in.done.Damaged, d)
}

// parsed is a line that is sound.
type parsed struct {
	link   link
	hash   string
	record *record // nil if the line has no assessment
	keyed  string  // what is wrong with the record keys, which are left out then
}

// parseLine reads a line and verifies what it says of itself. If that fails it returns what is known of its place, for the message.
func parseLine(text []byte, whole bool) (*parsed, error) {
	if !whole {
		return nil, fmt.Errorf("it has more than %d MiB", maxLine>>20)
	}
	l := line{Link: link{summary: new(summary)}}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&l); err != nil {
		return nil, fmt.Errorf("it is no line of an export: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	if l.SchemaVersion != SchemaVersion {
		return nil, fmt.Errorf("it has schema_version %q; this program reads %q: use the version of posture that wrote it", clip(l.SchemaVersion), SchemaVersion)
	}
	p := &parsed{link: l.Link, hash: l.Hash}
	if l.Link.Kind == kindCheckpoint {
		p.link.summary = nil
	}
	if err := p.checkLink(); err != nil {
		return p, err
	}
	if len(l.Assessment) == 0 {
		return p, nil
	}
	if err := p.checkAssessment(l.Assessment); err != nil {
		return p, err
	}
	p.checkKeys(l.RecordKeys)
	return p, nil
}

// checkKeys verifies the record keys of a line, and keeps them if they are those that its link names.
func (p *parsed) checkKeys(packed []byte) {
	want := p.link.Digests.Records
	switch {
	case len(packed) == 0 && want == "":
		return
	case len(packed) == 0:
		p.keyed = "its record keys are missing: it is kept without them"
		return
	case len(packed) <= maxKeys:
		if keys, err := engine.DecodeVerdicts(nil, packed); err == nil && keys.Digest() == want {
			p.record.verdicts = keys
			return
		}
	}
	p.keyed = "its record keys are not those that its link names: it is kept without them"
}

// checkLink verifies the link of a line.
func (p *parsed) checkLink() error {
	l := &p.link
	switch hash, err := l.hash(); {
	case err != nil:
		return err
	case hash != p.hash:
		return errors.New("its link is not the one of which it has the hash: somebody changed it")
	}
	tenant, err := label(l.Tenant)
	switch {
	case err != nil:
		return err
	case tenant != l.Tenant || l.ID < 1:
		return errors.New("its link is none of ours")
	case l.Kind == kindCheckpoint:
		if !slices.IsSorted(l.Dropped) {
			return errors.New("its numbers of entries are not in order")
		}
	case l.Kind != kindEntry:
		return fmt.Errorf("its kind %q is not known", clip(l.Kind))
	case !slices.Contains(Origins(), l.Origin):
		return fmt.Errorf("its origin %q is not known", clip(string(l.Origin)))
	case l.clipped() != *l.summary:
		return errors.New("its link is none of ours")
	}
	return nil
}

// clipped returns the summary with texts that are plain, and with the time as it is stored.
func (s summary) clipped() summary {
	d := &s.Digests
	for _, text := range []*string{&d.Evidence, &d.Catalog, &d.Parameters, &d.Register, &d.Engine, &d.Records, &s.Content} {
		*text = clip(*text)
	}
	s.EvaluatedAt = stamp(s.EvaluatedAt)
	return s
}

// checkAssessment verifies the assessment of a line, and keeps it.
func (p *parsed) checkAssessment(raw []byte) error {
	if p.link.Kind != kindEntry {
		return errors.New("a checkpoint has no assessment")
	}
	var text bytes.Buffer
	if err := json.Compact(&text, raw); err != nil {
		return err
	}
	if digest(text.Bytes()) != p.link.Content {
		return errDigest
	}
	if p.link.Origin == Posture { // what Microsoft counted need not be what our schema says
		if err := assessmentfile.Check(text.Bytes()); err != nil {
			return err
		}
	}
	a, err := parse(text.Bytes())
	if err != nil {
		return err
	}
	r, err := recordOf(a, text.Bytes(), p.link.Origin)
	if err != nil {
		return err
	}
	r.summary.Digests.Records = p.link.Digests.Records // see checkKeys
	if r.summary != *p.link.summary || r.tenant != p.link.Tenant {
		return errors.New("its link is not that of its assessment")
	}
	p.record = r
	return nil
}

// link stores a link that is sound.
func (in *importer) link(ctx context.Context, tx *sql.Tx, p *parsed, seen *imported) error {
	c, err := lock(ctx, tx, p.link.Tenant.ID)
	if err != nil {
		return err
	}
	follows := p.link.ID == c.links+1 && p.link.Previous == c.head
	if p.link.Kind == kindCheckpoint {
		if !follows { // it is there already, or about another chain: see finish
			return nil
		}
		_, err := c.checkpoint(ctx, tx, &p.link)
		return err
	}
	found, err := c.find(ctx, tx, *p.link.summary)
	switch {
	case err == nil:
		return in.known(ctx, tx, p, found, seen)
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	l := &p.link
	if !follows {
		l = c.next(kindEntry, p.link.Tenant)
		l.summary = p.link.summary
	}
	var (
		packed []byte
		rows   []Row
	)
	if p.record != nil {
		packed, rows = in.store.pack(p.record.content), p.record.rows
	}
	entry, key, err := c.append(ctx, tx, l, packed, rows)
	if err != nil {
		return err
	}
	if p.record != nil && p.record.verdicts != nil {
		if err := keepVerdicts(ctx, tx, c.key, key, p.record.verdicts); err != nil {
			return err
		}
	}
	in.done.Added++
	if entry.Pruned {
		seen.bare = append(seen.bare, entry.ID)
		return nil
	}
	return restand(ctx, tx, c.key, collected{}) // the import may be interrupted
}

// known restores the assessment of an entry that is there without it. One that retention dropped stays as it is.
func (in *importer) known(ctx context.Context, tx *sql.Tx, p *parsed, found stored, seen *imported) error {
	in.done.Known++
	if !found.Pruned {
		return in.restoreKeys(ctx, tx, p, found)
	}
	if p.record == nil {
		seen.bare = append(seen.bare, found.ID)
		return nil
	}
	links, err := checkpointed(ctx, tx, p.link.Tenant.ID)
	if err != nil || links[found.ID] {
		return err
	}
	in.done.Restored++
	if err := fill(ctx, tx, found.key, in.store.pack(p.record.content), p.record.rows); err != nil || !p.hasKeysOf(found) {
		return err
	}
	return keepAlone(ctx, tx, found.key, p.record.verdicts)
}

// hasKeysOf reports whether a line has the record keys that an entry names.
func (p *parsed) hasKeysOf(found stored) bool {
	return p.record != nil && p.record.verdicts != nil && p.link.Digests.Records == found.Digests.Records
}

// restoreKeys restores the record keys of an entry that is there without them. They stand by themselves: so no keys can be based on
// later ones.
func (in *importer) restoreKeys(ctx context.Context, tx *sql.Tx, p *parsed, found stored) error {
	if !p.hasKeysOf(found) {
		return nil
	}
	has, err := hasKeys(ctx, tx, found.key)
	if err != nil || has {
		return err
	}
	in.done.Restored++
	if err := keepAlone(ctx, tx, found.key, p.record.verdicts); err != nil {
		return err
	}
	// What changed with it, and with entries whose keys are based on its keys, is told anew.
	_, err = tx.ExecContext(ctx, `DELETE FROM changes WHERE entry_key IN (SELECT e.entry_key FROM entries e JOIN tenants t
		ON t.tenant_key = e.tenant_key WHERE t.id = $1 AND e.records <> '')`, p.link.Tenant.ID)
	return err
}

// checkpointed returns the numbers of the entries of a tenant that its checkpoints name.
func checkpointed(ctx context.Context, tx *sql.Tx, tenant string) (map[int64]bool, error) {
	texts, err := list(query(ctx, tx, func(row scanner) (text string, err error) {
		err = row.Scan(&text)
		return text, err
	}, "SELECT c.dropped FROM checkpoints c JOIN tenants t ON t.tenant_key = c.tenant_key WHERE t.id = $1", tenant))
	if err != nil {
		return nil, err
	}
	named := map[int64]bool{}
	for _, text := range texts {
		var ids []int64
		if json.Unmarshal([]byte(text), &ids) == nil { // if not, Verify tells
			for _, id := range ids {
				named[id] = true
			}
		}
	}
	return named, nil
}

// finish appends checkpoints for the entries that were imported without assessments, where those of the file are about other links,
// and computes the changes.
func (in *importer) finish(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(in.tenants)) {
		seen := in.tenants[id]
		err := in.store.write(ctx, func(tx *sql.Tx) error {
			c, err := lock(ctx, tx, id)
			if err != nil {
				return err
			}
			named, err := checkpointed(ctx, tx, id)
			if err != nil {
				return err
			}
			bare := slices.DeleteFunc(seen.bare, func(id int64) bool { return named[id] })
			if len(bare) > 0 {
				slices.Sort(bare)
				l := c.next(kindCheckpoint, seen.tenant)
				l.Dropped = slices.Compact(bare)
				if _, err := c.checkpoint(ctx, tx, l); err != nil {
					return err
				}
			}
			return in.store.settle(ctx, tx, c.key, collected{})
		})
		if err != nil {
			return err
		}
	}
	return nil
}
