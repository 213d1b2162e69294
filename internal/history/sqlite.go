package history

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/settings"
)

// sqliteFile is a file of SQLite.
type sqliteFile struct{}

func (sqliteFile) dialect() goose.Dialect { return goose.DialectSQLite3 }
func (sqliteFile) migrations() string     { return "sqlite" }
func (sqliteFile) hasVersions() string {
	return "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = '" + versions + "'"
}

// patience is how long a process waits for others that write, in milliseconds. An entry takes some ten.
const patience = 20_000

// pragmas of each connection: the file is synced at every commit; what is deleted is overwritten, since it names people;
// and what is in the file is data, never code.
func pragmas(fresh bool) []string {
	list := []string{fmt.Sprintf("busy_timeout(%d)", patience), "trusted_schema(0)", "cell_size_check(1)", "foreign_keys(1)", "secure_delete(1)"}
	if fresh { // it is a property of the file, and to set it writes the file
		list = append(list, "auto_vacuum(incremental)")
	}
	return append(list, "journal_mode(WAL)", "synchronous(FULL)")
}

// readers is how many connections a store has at most.
const readers = 4

func openSQLite(ctx context.Context, path string, create bool) (*Store, error) {
	if path == "" {
		return nil, errors.New("its path is empty")
	}
	if settings.NoPath(path) {
		return nil, errors.New("it is neither a path nor a URL that begins with postgres://")
	}
	if err := reserve(path, create); err != nil {
		return nil, err
	}
	name, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	// A file of another program is not touched at all: what opens it to write changes its mode.
	if err := peek(ctx, name); err != nil {
		return nil, err
	}
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	s, err := connectSQLite(name, url.Values{"_pragma": pragmas(info.Size() == 0), "mode": {"rw"}})
	if err != nil {
		return nil, err
	}
	err = s.inspect(ctx, create)
	if !create && unwritable(err) {
		if err := s.db.Close(); err != nil {
			return nil, err
		}
		if s, err = connectSQLite(name, readOnlyValues(name)); err != nil {
			return nil, err
		}
		s.readOnly = true
		err = s.inspect(ctx, false)
	}
	if err != nil {
		return nil, errors.Join(s.database.explain(err), s.db.Close())
	}
	return s, nil
}

// connectSQLite returns a store that opens a file when it is first used.
func connectSQLite(name string, query url.Values) (*Store, error) {
	query.Set("_txlock", "immediate")
	query.Set("_defensive", "1")
	query.Set("_error_rc", "1")
	connector, err := sqlite.NewConnector("file:" + (&url.URL{Path: filepath.ToSlash(name)}).EscapedPath() + "?" + query.Encode())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return &Store{db: db, database: sqliteFile{}}, nil
}

// readOnlyValues opens a file where nothing can be written. Without a log beside it, nobody writes it either.
func readOnlyValues(name string) url.Values {
	query := url.Values{"_pragma": {"trusted_schema(0)", "cell_size_check(1)", "query_only(1)"}, "mode": {"ro"}}
	if info, err := os.Stat(name + "-wal"); err != nil || info.Size() == 0 {
		query.Set("immutable", "1")
	}
	return query
}

// unwritable reports whether an error may be that the file, or the folder of it, can't be written.
func unwritable(err error) bool {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.Code() & primaryCode {
	case codes.SQLITE_READONLY, codes.SQLITE_PERM, codes.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// corrupt reports whether an error is that a file of SQLite is damaged.
func corrupt(err error) bool {
	var failed *sqlite.Error
	return errors.As(err, &failed) && failed.Code()&primaryCode == codes.SQLITE_CORRUPT
}

// primaryCode masks the primary code of an extended one.
const primaryCode = 0xff

// applicationID is in the header of a store: "post".
const applicationID = 0x706f7374

// peek refuses a file of another program by what is in the file itself, and writes nothing.
func peek(ctx context.Context, name string) error {
	file, err := inputfile.Open(name)
	if err != nil {
		return bare(err)
	}
	defer file.Close()
	const at = 68 // of the id: see the format of SQLite's files
	header := make([]byte, at+4)
	if _, err := io.ReadFull(file, header); err != nil || !bytes.HasPrefix(header, []byte(sqliteMagic)) {
		return nil // it is new, or SQLite says that it is none of its files
	}
	if binary.BigEndian.Uint32(header[at:]) == applicationID {
		return nil
	}
	s, err := connectSQLite(name, url.Values{"mode": {"ro"}, "immutable": {"1"}})
	if err != nil {
		return err
	}
	if err = s.ours(ctx); !errors.Is(err, errOther) {
		err = nil // what can't be read is told when it is opened
	}
	return errors.Join(err, s.db.Close())
}

// errOther is a file of SQLite that is not a store.
var errOther = errors.New("it is a database of another program, and is left as it is: name another file with --store")

// inspect refuses a file that is no store or would run statements of its own, and marks a new one as ours.
func (s *Store) inspect(ctx context.Context, create bool) error {
	if err := s.inert(ctx); err != nil {
		return err
	}
	if err := s.ours(ctx); err != nil || !create {
		return err
	}
	var id int64
	err := s.db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id)
	if err == nil && id != applicationID {
		_, err = s.db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	}
	return err
}

// ours returns an [errOther] if the file is that of another program: it has no tables of ours, or others.
func (s *Store) ours(ctx context.Context) error {
	var id int64
	if err := s.db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&id); err != nil || id == applicationID {
		return err
	}
	known := map[string]bool{}
	for _, table := range []string{versions, "tenants", "entries", "checkpoints", "contents", "actions", "results", "sums", "verdicts", "changes", "standings"} {
		known[table] = true
	}
	tables, err := list(query(ctx, s.db, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, "SELECT name FROM sqlite_schema WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' LIMIT 100"))
	if err != nil {
		return err
	}
	other := id != 0 || len(tables) > 0 && !slices.Contains(tables, versions)
	if other || slices.ContainsFunc(tables, func(name string) bool { return !known[name] }) {
		return errOther
	}
	return nil
}

// reserve makes an empty file for its owner alone, whose mode SQLite gives to the files beside it, too. It refuses what is no file.
func reserve(path string, create bool) error {
	file, err := inputfile.Open(path)
	switch {
	case err == nil:
		defer file.Close()
		switch info, err := file.Stat(); {
		case err != nil || info.IsDir():
			return errors.Join(err, errors.New("it is a folder: name a file"))
		case !info.Mode().IsRegular(): // one of the process's own descriptors, such as /dev/stdin: a pipe would be waited for
			return errors.New("it is no file, but a stream")
		}
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return bare(err)
	case !create:
		return ErrNone
	}
	file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return bare(err)
	}
	return file.Close()
}

// bare returns an error without the path, which the caller adds.
func bare(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// inert refuses a file that would run statements of its own: no store has triggers or views.
func (s *Store) inert(ctx context.Context) error {
	var count int
	err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index')").Scan(&count)
	if err == nil && count > 0 {
		return errors.New("it has triggers or views, which no store has: it is not ours, or somebody changed it")
	}
	return err
}

// explain adds how to mend it to an error of SQLite.
func (sqliteFile) explain(err error) error {
	var failed *sqlite.Error
	if !errors.As(err, &failed) {
		return err
	}
	var hint string
	switch failed.Code() & primaryCode {
	case codes.SQLITE_NOTADB:
		hint = "it is no file of SQLite: name another one with --store"
	case codes.SQLITE_CORRUPT:
		hint = "the file is damaged: 'posture history export' saves what can still be read"
	case codes.SQLITE_FULL:
		hint = "the disk is full: nothing was stored. Make room and try again"
	case codes.SQLITE_BUSY, codes.SQLITE_LOCKED:
		hint = fmt.Sprintf("other processes have been writing for %d seconds: try again", patience/1000)
	case codes.SQLITE_READONLY, codes.SQLITE_PERM:
		hint = "the file, or the folder in which it is, can't be written"
	case codes.SQLITE_CANTOPEN:
		hint = "the file can't be opened, or no files can be made beside it"
	case codes.SQLITE_IOERR:
		hint = "the disk failed, or is full"
	default:
		return err
	}
	return &databaseError{hint, err}
}

// databaseError is an error of a database, in words of ours.
type databaseError struct {
	hint string
	err  error
}

func (e *databaseError) Error() string { return e.hint }

// Unwrap returns the error of the driver.
func (e *databaseError) Unwrap() error { return e.err }

// IsFile reports whether a path leads to a file of SQLite.
func IsFile(path string) bool {
	file, err := inputfile.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	begin := make([]byte, len(sqliteMagic))
	_, err = io.ReadFull(file, begin)
	return err == nil && string(begin) == sqliteMagic
}

// sqliteMagic is what files of SQLite begin with.
const sqliteMagic = "SQLite format 3\x00"
