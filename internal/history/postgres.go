package history

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgresServer is a database of PostgreSQL.
type postgresServer struct{}

func (postgresServer) dialect() goose.Dialect { return goose.DialectPostgres }
func (postgresServer) migrations() string     { return "postgres" }
func (postgresServer) hasVersions() string {
	return "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '" + versions + "'"
}

// namespace is the schema in which the tables are, unless the URL says another search_path.
const namespace = "posture"

func openPostgres(ctx context.Context, text string, create bool) (*Store, error) {
	config, err := pgx.ParseConfig(text)
	if err != nil {
		// The error is left out, since it may quote the password.
		return nil, errors.New("its URL is not like postgres://user:password@server:5432/database: " +
			"write special characters of the user and the password as %XX, and look at the names of its parameters")
	}
	if config.RuntimeParams["search_path"] == "" {
		config.RuntimeParams["search_path"] = namespace
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "posture"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	s := &Store{db: db, database: postgresServer{}}
	if err := s.room(ctx, config.RuntimeParams["search_path"], create); err != nil {
		return nil, errors.Join(s.database.explain(err), db.Close())
	}
	return s, nil
}

// room makes the schema that the search path begins with, if it is missing and ours.
func (s *Store) room(ctx context.Context, path string, create bool) error {
	var current *string
	if err := s.db.QueryRowContext(ctx, "SELECT current_schema()").Scan(&current); err != nil || current != nil {
		return err
	}
	if !create {
		return ErrNone
	}
	if path != namespace {
		return errors.New("the database has no schema that the search_path names: create it")
	}
	_, err := s.db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+namespace)
	return ignoreCode(err, duplicateKey) // another process did it at the same moment
}

// Codes of PostgreSQL, Appendix A.
const (
	duplicateKey   = "23505"
	diskFull       = "53100"
	noPrivilege    = "42501"
	noPassword     = "28P01"
	noRole         = "28000"
	noDatabase     = "3D000"
	noSchema       = "3F000"
	readOnly       = "25006"
	tooManyClients = "53300"
)

func code(err error) string {
	var failed *pgconn.PgError
	if errors.As(err, &failed) {
		return failed.Code
	}
	return ""
}

func ignoreCode(err error, ignored string) error {
	if code(err) == ignored {
		return nil
	}
	return err
}

// explain adds how to mend it to an error of PostgreSQL, and leaves out what may tell a secret.
func (postgresServer) explain(err error) error {
	var connecting *pgconn.ConnectError
	var hint string
	switch code(err) {
	case diskFull:
		hint = "the server's disk is full: nothing was stored"
	case noPrivilege:
		hint = "the user has no right to do this: the first run needs CREATE on the database, or a schema " + namespace + " that is the user's"
	case noPassword, noRole:
		hint = "the server refuses the user or the password"
	case noDatabase:
		hint = "the server has no such database: create it"
	case noSchema:
		hint = "the database has no schema that the search_path names: create it"
	case readOnly:
		hint = "the server takes no writes: it is a standby"
	case tooManyClients:
		hint = "the server has too many clients: try again"
	default:
		if !errors.As(err, &connecting) {
			return err
		}
		hint = "the server can't be reached"
		var refused *net.OpError
		if errors.As(err, &refused) {
			hint += ": " + refused.Err.Error()
		}
	}
	return &databaseError{hint, err}
}

// shownURL returns a URL of PostgreSQL with nothing but the server and the database.
func shownURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" && u.Path == "" || u.Fragment != "" || strings.Contains(u.Path+u.RawQuery, "@") { // the rest of a password, perhaps
		return "postgres://..."
	}
	host := u.Hostname()
	if port := u.Port(); port != "" {
		host = net.JoinHostPort(host, port)
	}
	return strings.TrimSuffix(fmt.Sprintf("postgres://%s%s", clip(host), clip(u.EscapedPath())), "/")
}
