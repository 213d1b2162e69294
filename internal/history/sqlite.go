package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	codes "modernc.org/sqlite/lib"

	"github.com/posture-score/posture/internal/inputfile"
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
func pragmas() []string {
	return []string{
		fmt.Sprintf("busy_timeout(%d)", patience), "trusted_schema(0)", "cell_size_check(1)", "foreign_keys(1)", "secure_delete(1)",
		"auto_vacuum(incremental)", "journal_mode(WAL)", "synchronous(FULL)",
	}
}

// readers is how many connections a store has at most.
const readers = 4

func openSQLite(ctx context.Context, path string, create bool) (*Store, error) {
	if path == "" {
		return nil, errors.New("its path is empty")
	}
	if scheme, _, ok := strings.Cut(path, "://"); ok && len(scheme) > 1 {
		return nil, fmt.Errorf("%s is neither a path nor a URL that begins with postgres://", clip(scheme)+"://...")
	}
	if err := reserve(path, create); err != nil {
		return nil, err
	}
	name, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	query := url.Values{"_pragma": pragmas(), "_txlock": {"immediate"}, "_defensive": {"1"}, "_error_rc": {"1"}, "mode": {"rw"}}
	connector, err := sqlite.NewConnector("file:" + (&url.URL{Path: filepath.ToSlash(name)}).EscapedPath() + "?" + query.Encode())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	s := &Store{db: db, database: sqliteFile{}}
	if err := s.inert(ctx); err != nil {
		return nil, errors.Join(s.database.explain(err), db.Close())
	}
	return s, nil
}

// reserve makes an empty file for its owner alone, whose mode SQLite gives to the files beside it, too. It refuses what is no file.
func reserve(path string, create bool) error {
	file, err := inputfile.Open(path)
	switch {
	case err == nil:
		defer file.Close()
		if info, err := file.Stat(); err != nil || info.IsDir() {
			return errors.Join(err, errors.New("it is a folder: name a file"))
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
	const primary = 0xff // of an extended code
	var hint string
	switch failed.Code() & primary {
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
