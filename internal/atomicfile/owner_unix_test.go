//go:build unix

package atomicfile

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

func TestForeign(t *testing.T) {
	for _, test := range []struct {
		owner, user int
		want        bool
	}{{1000, 1000, false}, {1000, 1001, true}, {0, 1000, true}, {1000, 0, false}} {
		if got := foreign(test.owner, test.user); got != test.want {
			t.Errorf("a file of %d for %d: %v", test.owner, test.user, got)
		}
	}
	name := filepath.Join(t.TempDir(), "a")
	must.Do(t, os.WriteFile(name, []byte("x"), 0o600))
	if Foreign(must.Get(os.Stat(name))(t)) {
		t.Error("our own file is somebody else's")
	}
}

// What root replaces stays whose it was.
func TestOwnerStays(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	must.Do(t, os.WriteFile(name, []byte("old"), 0o600))
	if err := os.Chown(name, 12345, 12346); err != nil {
		t.Skip("only root gives files away: ", err)
	}
	must.Do(t, File(name, []byte("new")))
	stat := must.Get(os.Stat(name))(t).Sys().(*syscall.Stat_t)
	if stat.Uid != 12345 || stat.Gid != 12346 {
		t.Errorf("it belongs to %d and %d now", stat.Uid, stat.Gid)
	}
}
