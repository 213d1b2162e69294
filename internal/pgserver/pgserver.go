package pgserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// ErrMissing is a machine without PostgreSQL.
var ErrMissing = errors.New("PostgreSQL is not installed: 'make postgres' installs it on Debian, as root")

// superuser is that of the server.
const superuser = "postgres"

// Server is a running server.
type Server struct {
	dir string
	cmd *exec.Cmd
}

// Start starts a server. It is an [ErrMissing] if there is none to start. The caller must call Stop.
func Start(ctx context.Context) (*Server, error) {
	initdb, err := find("initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := find("postgres")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "pg") // short: the path of a socket has to be
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir}
	if err := s.start(ctx, initdb, postgres); err != nil {
		return nil, errors.Join(fmt.Errorf("starting PostgreSQL: %w", err), s.Stop())
	}
	return s, nil
}

// find returns the path of a program: the newest of Debian's folders, or that of PATH.
func find(program string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + program)
	if err == nil && len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }), nil // 9 is before 15
	}
	path, err := exec.LookPath(program)
	if err != nil {
		return "", ErrMissing
	}
	return path, nil
}

func (s *Server) start(ctx context.Context, initdb, postgres string) error {
	data := filepath.Join(s.dir, "data")
	if err := own(s.dir); err != nil {
		return err
	}
	// Durability is not what tests of clients ask for: syncing would take most of their time.
	cmd := exec.CommandContext(ctx, initdb, "--pgdata="+data, "--username="+superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
	if err := unprivileged(cmd, s.dir); err != nil {
		return err
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	s.cmd = exec.Command(postgres, "-D", data, "-k", s.dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=50", "-c", "shared_buffers=16MB")
	if err := unprivileged(s.cmd, s.dir); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd.Stdout, s.cmd.Stderr = log, log
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return s.wait(ctx)
}

// patience is how long a server may take to start on a busy machine.
const patience = 2 * time.Minute

// wait returns once the server takes connections.
func (s *Server) wait(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		// The file has a line for each step; the last one says "ready".
		text, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
		if err == nil && ready(text) {
			return nil
		}
		select {
		case <-ctx.Done():
			log, err := os.ReadFile(filepath.Join(s.dir, "log"))
			return errors.Join(ctx.Err(), err, errors.New(string(log)))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// URL returns the URL of a database.
func (s *Server) URL(database string) string {
	return (&url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: url.Values{"host": {s.dir}}.Encode()}).String()
}

// Exec runs a statement as the superuser.
func (s *Server) Exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// As returns the URL of a database for another user.
func (s *Server) As(user, database string) string {
	return strings.Replace(s.URL(database), "//"+superuser+"@", "//"+url.PathEscape(user)+"@", 1)
}

// Own gives a folder to the server, for a tablespace.
func (s *Server) Own(dir string) error { return own(dir) }

// Stop ends the server and removes its folder.
func (s *Server) Stop() error {
	var err error
	if s.cmd != nil && s.cmd.Process != nil {
		err = s.cmd.Process.Signal(os.Interrupt) // a fast shutdown: clients are disconnected
		var exit *exec.ExitError
		if waited := s.cmd.Wait(); !errors.As(waited, &exit) {
			err = errors.Join(err, waited)
		}
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}
