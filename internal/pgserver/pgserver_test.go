package pgserver_test

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/pgserver"
)

// TestStart starts a server, connects to it, and leaves nothing behind.
func TestStart(t *testing.T) {
	s, err := pgserver.Start(t.Context())
	if errors.Is(err, pgserver.ErrMissing) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	must.Do(t, err)
	dir := must.Get(url.Parse(s.URL("postgres")))(t).Query().Get("host")
	conn := must.Get(net.Dial("unix", filepath.Join(dir, ".s.PGSQL.5432")))(t)
	must.Do(t, conn.Close())
	must.Do(t, s.Stop())
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is still there: %v", dir, err)
	}
}
