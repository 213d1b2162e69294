//go:build unix

package history_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// TestReadOnly reads a store in a folder where nothing can be written.
func TestReadOnly(t *testing.T) {
	if os.Geteuid() == 0 { // who can write everything
		asNobody(t)
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, history.Name)
	s := must.Get(history.Open(t.Context(), path))(t)
	record(t, s, sample("t", 1, 1), sample("t", 2, 2))
	must.Do(t, s.Close())
	must.Do(t, os.Chmod(path, 0o400))
	must.Do(t, os.Chmod(dir, 0o500))
	defer func() { _ = os.Chmod(dir, 0o700) }()
	s = must.Get(history.OpenExisting(t.Context(), path))(t)
	defer func() { _ = s.Close() }()
	sound(t, s, 2)
	expect.Equal(t, 1, len(all(t, s.Changes(t.Context(), history.Filter{}))))
	if _, err := history.Open(t.Context(), path); err == nil || !strings.Contains(err.Error(), "can't be") {
		t.Error(err)
	}
}

// asNobody runs the test once more in a process without rights. Its program is copied to where that may read it.
func asNobody(t *testing.T) {
	t.Helper()
	const nobody = 65534
	dir := must.Get(os.MkdirTemp("", "history"))(t)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	must.Do(t, os.Chmod(dir, 0o755))
	program, own := filepath.Join(dir, "history.test"), filepath.Join(dir, "own")
	text := must.Get(os.ReadFile(must.Get(os.Executable())(t)))(t)
	must.Do(t, os.WriteFile(program, text, 0o755))
	must.Do(t, os.Mkdir(own, 0o755))
	must.Do(t, os.Chown(own, nobody, nobody))
	cmd := exec.CommandContext(t.Context(), program, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Dir, cmd.Env = own, []string{"HOME=" + own, "TMPDIR=" + own}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: "+t.Name()) {
		t.Errorf("%v\n%s", err, out)
	}
}
