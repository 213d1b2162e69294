package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/posture-score/posture/engine"
)

// Invariant: the record keys of an entry are changes against those of an entry that was appended before it, or stand by themselves, and
// to read those of one entry those of at most maxRead are read. What is read has the digest that the header of the entry has.

// maxRead is how many encodings are read for one entry: its own, those it is based on, and the one that stands by itself.
const maxRead = 32

// maxKeys bounds the encoding of the record keys of one entry. Those of a million users take 13 MB.
const maxKeys = 48 << 20

// errKeys are record keys that are not those which the header of an entry names.
var (
	errKeys     = errors.New("its record keys are not those that were stored: somebody changed them")
	errKeysGone = errors.New("its record keys are gone, or those they are based on")
)

// damaged reports whether an error is of record keys, and not of the database.
func damaged(err error) bool { return errors.Is(err, errKeys) || errors.Is(err, errKeysGone) }

// Verdicts returns the verdicts of an entry record by record; nil if none are kept with it.
func (s *Store) Verdicts(ctx context.Context, tenant string, id int64) (*engine.Verdicts, error) {
	var verdicts *engine.Verdicts
	err := s.read(ctx, func(tx *sql.Tx) error {
		found, err := scanEntry(tx.QueryRowContext(ctx, selectEntries+" WHERE t.id = $1 AND e.seq = $2", tenant, id))
		if errors.Is(err, sql.ErrNoRows) {
			return ErrUnknown
		}
		if err != nil || found.Pruned {
			return err
		}
		verdicts, err = new(keyring).read(ctx, tx, found.key, found.Digests.Records)
		return err
	})
	if err != nil {
		return nil, s.fail("reading", fmt.Errorf("entry %d: %w", id, err))
	}
	return verdicts, nil
}

// keyring reads record keys. It remembers what it read last: what it reads next is mostly based on that.
type keyring struct {
	entry    int64 // its key
	verdicts *engine.Verdicts
}

// read returns the record keys of an entry; nil if its header has no digest of any. See damaged for errors.
func (k *keyring) read(ctx context.Context, q querier, entry int64, want string) (*engine.Verdicts, error) {
	if want == "" {
		return nil, nil
	}
	path, err := k.path(ctx, q, entry)
	if err != nil {
		return nil, err
	}
	verdicts := (*engine.Verdicts)(nil)
	for _, entry := range slices.Backward(path) {
		if k.verdicts != nil && k.entry == entry {
			verdicts = k.verdicts
			continue
		}
		packed, err := readKeys(ctx, q, entry)
		if err != nil {
			return nil, err
		}
		if verdicts, err = engine.DecodeVerdicts(verdicts, packed); err != nil {
			return nil, errKeys
		}
	}
	if verdicts.Digest() != want {
		return nil, errKeys
	}
	k.entry, k.verdicts = entry, verdicts
	return verdicts, nil
}

// path returns the entries of which the record keys have to be read for those of one: it comes first, and one that is known, or that
// stands by itself, comes last.
func (k *keyring) path(ctx context.Context, q querier, entry int64) ([]int64, error) {
	var path []int64
	for base := (sql.NullInt64{Int64: entry, Valid: true}); base.Valid; {
		if path = append(path, base.Int64); len(path) > maxRead {
			return nil, errKeys
		}
		if k.verdicts != nil && k.entry == base.Int64 {
			break
		}
		err := q.QueryRowContext(ctx, "SELECT base_key FROM verdicts WHERE entry_key = $1", base.Int64).Scan(&base)
		if errors.Is(err, sql.ErrNoRows) {
			return nil, errKeysGone
		}
		if err != nil {
			return nil, err
		}
	}
	return path, nil
}

// hasKeys reports whether record keys are stored with an entry.
func hasKeys(ctx context.Context, q querier, entry int64) (bool, error) {
	var n int
	err := q.QueryRowContext(ctx, "SELECT count(*) FROM verdicts WHERE entry_key = $1", entry).Scan(&n)
	return n > 0, err
}

// readKeys returns the encoding of the record keys of an entry.
func readKeys(ctx context.Context, q querier, entry int64) ([]byte, error) {
	var size int64
	if err := q.QueryRowContext(ctx, "SELECT length(verdicts) FROM verdicts WHERE entry_key = $1", entry).Scan(&size); err != nil {
		return nil, err
	}
	if size > maxKeys {
		return nil, errKeys
	}
	var packed []byte
	err := q.QueryRowContext(ctx, "SELECT verdicts FROM verdicts WHERE entry_key = $1", entry).Scan(&packed)
	return packed, err
}

// keepVerdicts stores the record keys of the last entry of a chain: as changes against those of the entry before it that has any, unless
// too many had to be read then.
func keepVerdicts(ctx context.Context, tx *sql.Tx, tenant, entry int64, verdicts *engine.Verdicts) error {
	var (
		base   sql.NullInt64
		digest string
		depth  int
	)
	err := tx.QueryRowContext(ctx, `SELECT v.entry_key, e.records, v.depth FROM verdicts v JOIN entries e ON e.entry_key = v.entry_key
		WHERE e.tenant_key = $1 ORDER BY e.seq DESC LIMIT 1`, tenant).Scan(&base, &digest, &depth)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var before *engine.Verdicts
	if base.Valid && depth+1 < maxRead {
		before, err = new(keyring).read(ctx, tx, base.Int64, digest)
		if err != nil && !damaged(err) {
			return err
		}
	}
	if before == nil {
		return keepAlone(ctx, tx, entry, verdicts)
	}
	return insertKeys(ctx, tx, entry, base, depth+1, before, verdicts)
}

// keepAlone stores record keys so that they stand by themselves.
func keepAlone(ctx context.Context, tx *sql.Tx, entry int64, verdicts *engine.Verdicts) error {
	return insertKeys(ctx, tx, entry, sql.NullInt64{}, 0, nil, verdicts)
}

func insertKeys(ctx context.Context, tx *sql.Tx, entry int64, base sql.NullInt64, depth int, before, verdicts *engine.Verdicts) error {
	packed, err := packKeys(before, verdicts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO verdicts (entry_key, base_key, depth, verdicts) VALUES ($1, $2, $3, $4)", entry, base, depth, packed)
	return err
}

// packKeys encodes record keys as changes against those of an entry before, which may be nil.
func packKeys(before, verdicts *engine.Verdicts) ([]byte, error) {
	packed, err := verdicts.Encode(before)
	if err == nil && len(packed) > maxKeys {
		err = fmt.Errorf("the record keys take more than %d MiB: record without them", maxKeys>>20)
	}
	return packed, err
}

// based is what record keys are based on.
type based struct {
	entry  int64
	base   sql.NullInt64
	digest string // in the header of the entry
	depth  int
}

// release bases record keys that are based on those of entries that are about to be dropped on what these are based on, if that is kept.
func release(ctx context.Context, tx *sql.Tx, tenant int64, chosen []stored) error {
	gone := map[int64]bool{}
	for _, e := range chosen {
		gone[e.key] = true
	}
	all, err := list(query(ctx, tx, func(row scanner) (b based, err error) {
		err = row.Scan(&b.entry, &b.base, &b.digest, &b.depth)
		return b, err
	}, `SELECT v.entry_key, v.base_key, e.records, v.depth FROM verdicts v JOIN entries e ON e.entry_key = v.entry_key
		WHERE e.tenant_key = $1 ORDER BY e.seq`, tenant))
	if err != nil {
		return err
	}
	byEntry := map[int64]based{}
	for _, b := range all {
		byEntry[b.entry] = b
	}
	var known, kept keyring
	for _, b := range all {
		if gone[b.entry] || !b.base.Valid || !gone[b.base.Int64] {
			continue
		}
		base := byEntry[b.base.Int64]
		for range maxRead {
			if !gone[base.entry] {
				break
			}
			base = byEntry[base.base.Int64] // of none if that is NULL: no key is 0
		}
		if err := known.move(ctx, tx, b, base, &kept); err != nil {
			return err
		}
	}
	return nil
}

// move encodes record keys anew, against those of another entry, or of none. What can't be read can't be kept either.
func (k *keyring) move(ctx context.Context, tx *sql.Tx, b, base based, kept *keyring) error {
	verdicts, err := k.read(ctx, tx, b.entry, b.digest)
	if err == nil && verdicts == nil || damaged(err) {
		_, err := tx.ExecContext(ctx, "DELETE FROM verdicts WHERE entry_key = $1", b.entry)
		return err
	}
	if err != nil {
		return err
	}
	before, err := kept.read(ctx, tx, base.entry, base.digest)
	if err != nil && !damaged(err) {
		return err
	}
	to, depth := sql.NullInt64{}, 0
	if before != nil {
		to, depth = sql.NullInt64{Int64: base.entry, Valid: true}, base.depth+1
	}
	packed, err := packKeys(before, verdicts)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE verdicts SET base_key = $1, depth = $2, verdicts = $3 WHERE entry_key = $4", to, depth, packed, b.entry)
	return err
}
