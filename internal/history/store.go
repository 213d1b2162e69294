package history

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/posture-score/posture/internal/settings"
)

// Name is the usual name of a store.
const Name = "posture.db"

// ErrNone is a store that is not there.
var ErrNone = errors.New("there is no store")

// Store is an open store. It may be used by several goroutines, and the database behind it by several processes.
type Store struct {
	codec
	db       *sql.DB
	database database
	shown    string // what messages call it: never with a password
	readOnly bool   // nothing can be written where it is
}

// database is what differs between the databases.
type database interface {
	dialect() goose.Dialect
	migrations() string  // folder
	hasVersions() string // a query that counts tables of that name
	explain(error) error // adds how to mend it
}

//go:embed migrations
var migrations embed.FS

// Open opens a store, and makes it if it is missing. A URL that begins with postgres:// or postgresql:// is a database of PostgreSQL,
// anything else the path of a file. Tables of an earlier version are brought up to date. Of a URL errors show the server and the
// database alone. The caller must call Close.
func Open(ctx context.Context, url string) (*Store, error) { return open(ctx, url, true) }

// OpenExisting is Open for readers: it is an [ErrNone] if the store is missing.
func OpenExisting(ctx context.Context, url string) (*Store, error) { return open(ctx, url, false) }

// Remote reports whether a URL names a database of a server.
func Remote(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

// Shown returns what messages call a store: its path, or the server and the database of its URL.
func Shown(url string) string {
	if Remote(url) {
		return shownURL(url)
	}
	if !settings.NoPath(url) {
		return url
	}
	if scheme, _, ok := strings.Cut(url, "://"); ok && !strings.ContainsAny(scheme, ":=@ ") {
		return clip(scheme) + "://..." // of another database, perhaps with a password
	}
	return "(hidden, since it may hold a password)"
}

func open(ctx context.Context, url string, create bool) (*Store, error) {
	connect := openSQLite
	if Remote(url) {
		connect = openPostgres
	}
	s, err := connect(ctx, url, create)
	if err == nil {
		if s.codec, err = newCodec(); err == nil {
			err = s.migrate(ctx, create)
		}
		if err != nil {
			err = errors.Join(s.database.explain(err), s.db.Close())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", Shown(url), err)
	}
	s.shown = Shown(url)
	return s, nil
}

// Close closes the store.
func (s *Store) Close() error { return s.db.Close() }

// String returns what messages call the store.
func (s *Store) String() string { return s.shown }

// fail adds the store to an error of its database.
func (s *Store) fail(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s the store %s: %w", doing, s.shown, s.database.explain(err))
}

// attempts is how often a migration is tried: another process may do the same at the same time, and then it is done.
const attempts = 5

// migrate brings the tables up to date.
func (s *Store) migrate(ctx context.Context, create bool) error {
	files, err := fs.Sub(migrations, "migrations/"+s.database.migrations())
	if err != nil {
		return err
	}
	for range attempts {
		// A provider of its own each time: one remembers that it has made its table, whether that failed or not.
		var provider *goose.Provider
		provider, err = goose.NewProvider(s.database.dialect(), s.db, files, goose.WithDisableGlobalRegistry(true), goose.WithTableName(versions),
			goose.WithLogger(log.New(io.Discard, "", 0)), goose.WithGoMigrations(goose.NewGoMigration(standingsFilled, &goose.GoFunc{RunTx: standAll}, nil)))
		if err != nil {
			return err
		}
		if err = s.update(ctx, provider, create); err == nil || ctx.Err() != nil || errors.Is(err, ErrNone) || errors.As(err, new(*NewerError)) {
			return err
		}
	}
	return err
}

// standingsFilled is the version of the migration that is standAll.
const standingsFilled = 3

// versions is the table in which goose keeps which migrations were applied.
const versions = "schema_versions"

// NewerError is a store whose tables a later version of this program made.
type NewerError struct{ Has, Known int64 }

func (e *NewerError) Error() string {
	return fmt.Sprintf("a later version of posture wrote it: its tables have version %d, and this one knows %d. Use that version", e.Has, e.Known)
}

func (s *Store) update(ctx context.Context, provider *goose.Provider, create bool) error {
	sources := provider.ListSources()
	latest := sources[len(sources)-1].Version
	has, err := s.version(ctx)
	switch {
	case err != nil:
		return err
	case has > latest:
		return &NewerError{has, latest}
	case has == latest:
		return nil
	case has == 0 && !create:
		return ErrNone
	case s.readOnly:
		return nil // what an earlier version made is read, but for what it did not know
	}
	_, err = provider.Up(ctx)
	return err
}

// version returns the version of the tables; 0 if there are none.
func (s *Store) version(ctx context.Context) (int64, error) {
	var there int
	if err := s.db.QueryRowContext(ctx, s.database.hasVersions()).Scan(&there); err != nil || there == 0 {
		return 0, err
	}
	var version sql.NullInt64
	err := s.db.QueryRowContext(ctx, "SELECT max(version_id) FROM "+versions+" WHERE is_applied").Scan(&version)
	return version.Int64, err
}

// write runs a function in a transaction that alone writes, and commits what it did.
func (s *Store) write(ctx context.Context, function func(*sql.Tx) error) error {
	return s.in(ctx, nil, function)
}

// read runs a function in a transaction that sees one state of the store.
func (s *Store) read(ctx context.Context, function func(*sql.Tx) error) error {
	return s.in(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, function)
}

func (s *Store) in(ctx context.Context, options *sql.TxOptions, function func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	if err := function(tx); err != nil {
		return errors.Join(err, ignore(tx.Rollback(), sql.ErrTxDone))
	}
	return tx.Commit()
}

// ignore returns an error, unless it is of one kind.
func ignore(err, kind error) error {
	if errors.Is(err, kind) {
		return nil
	}
	return err
}
