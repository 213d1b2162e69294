package register

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestMain is also what the test of several processes runs.
func TestMain(m *testing.M) {
	path, id := os.Getenv("REGISTER_TEST_PATH"), os.Getenv("REGISTER_TEST_ID")
	if path == "" {
		os.Exit(m.Run())
	}
	if err := Edit(context.Background(), path, plan(id)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func plan(id string) func(*Editor) error {
	return func(d *Editor) error { return d.Set(id, Fields{Status: of("planned")}) }
}

// place returns a register of its own for the test; no text leaves the file out.
func place(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), Name)
	if text != "" {
		must.Do(t, os.WriteFile(path, []byte(text), 0o640))
	}
	return path
}

func wantText(t *testing.T, path, want string) {
	t.Helper()
	got := must.Get(os.ReadFile(path))(t)
	expect.Equalf(t, want, string(got), "%s", filepath.Base(path))
}

const planned = "action \"A\" {\n  status = \"planned\"\n}\n"

// Many edit one register at once, goroutines and processes: nothing of what they write is lost.
func TestConcurrentEdits(t *testing.T) {
	path := place(t, "")
	self := must.Get(os.Executable())(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			if err := Edit(t.Context(), path, plan(fmt.Sprintf("Goroutine%d", i))); err != nil {
				t.Error(err)
			}
		})
		group.Go(func() {
			cmd := exec.CommandContext(t.Context(), self)
			cmd.Env = append(os.Environ(), "REGISTER_TEST_PATH="+path, fmt.Sprintf("REGISTER_TEST_ID=Process%d", i))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	group.Wait()
	r := must.Get(Open(path))(t)
	if got := len(r.Decisions()); got != 16 {
		t.Errorf("%d of 16 decisions are there", got)
	}
}

func TestEditKeepsModeAndLink(t *testing.T) {
	path := place(t, planned)
	link := filepath.Join(t.TempDir(), "link.hcl")
	if err := os.Symlink(path, link); err != nil {
		t.Skip(err)
	}
	must.Do(t, Edit(t.Context(), link, plan("B")))
	wantText(t, path, planned+"\naction \"B\" {\n  status = \"planned\"\n}\n")
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info.Mode(), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the mode became %v, %v", info.Mode(), err)
	}
}

// A change that is refused leaves the file and what can be undone alone, and no litter.
func TestEditRefused(t *testing.T) {
	stop := errors.New("stop")
	for name, test := range map[string]struct {
		change func(path string) func(*Editor) error
		want   any
		after  string
	}{
		"invalid": {func(string) func(*Editor) error {
			return func(d *Editor) error { return d.Set("A", Fields{Status: of("risk_accepted")}) }
		}, new(*RefusedError), planned},
		"its own error": {func(string) func(*Editor) error {
			return func(d *Editor) error { return errors.Join(plan("B")(d), stop) }
		}, stop, planned},
		"changed underneath": {func(path string) func(*Editor) error {
			return func(d *Editor) error {
				return errors.Join(plan("B")(d), os.WriteFile(path, []byte("# mine\n"), 0o644))
			}
		}, ErrChanged, "# mine\n"},
		"removed underneath": {func(path string) func(*Editor) error {
			return func(d *Editor) error { return errors.Join(plan("B")(d), os.Remove(path)) }
		}, ErrChanged, ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := place(t, planned)
			err := Edit(t.Context(), path, test.change(path))
			if want, ok := test.want.(error); ok && !errors.Is(err, want) || !ok && !errors.As(err, test.want) {
				t.Errorf("got %v", err)
			}
			want := []string{"." + Name + ".lock"}
			if test.after != "" {
				wantText(t, path, test.after)
				want = append(want, Name)
			}
			expect.Equalf(t, want, listing(t, filepath.Dir(path)), "files")
		})
	}
}

func listing(t *testing.T, dir string) []string {
	t.Helper()
	entries := must.Get(os.ReadDir(dir))(t)
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

func TestEditMadeUnderneath(t *testing.T) {
	path := place(t, "")
	err := Edit(t.Context(), path, func(d *Editor) error {
		return errors.Join(plan("B")(d), os.WriteFile(path, []byte(planned), 0o644))
	})
	if !errors.Is(err, ErrChanged) {
		t.Errorf("got %v", err)
	}
	wantText(t, path, planned)
}

func TestEditOfWhatIsNoRegister(t *testing.T) {
	path := place(t, "action \"A\" {\n")
	if err := Edit(t.Context(), path, plan("A")); err == nil || !strings.Contains(err.Error(), "Unclosed") {
		t.Errorf("a broken file: %v", err)
	}
	if err := Edit(t.Context(), t.TempDir(), plan("A")); err == nil {
		t.Error("a folder was edited")
	}
	if _, err := Open(filepath.Join(t.TempDir(), Name)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestUndo(t *testing.T) {
	path := place(t, planned)
	if _, err := Undo(t.Context(), path, ""); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("before any edit: %v", err)
	}
	for _, id := range []string{"B", "B", "A"} { // the second and third change nothing, and can't be undone
		must.Do(t, Edit(t.Context(), path, plan(id)))
	}
	must.Get(Undo(t.Context(), path, ""))(t)
	wantText(t, path, planned)
	if _, err := Undo(t.Context(), path, ""); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("a second step: %v", err)
	}
}

func TestUndoOfAChangedRegister(t *testing.T) {
	path := place(t, planned)
	must.Do(t, Edit(t.Context(), path, plan("B")))
	must.Do(t, os.WriteFile(path, []byte("# mine\n"), 0o644))
	if _, err := Undo(t.Context(), path, ""); !errors.Is(err, ErrChanged) {
		t.Errorf("got %v", err)
	}
	wantText(t, path, "# mine\n")
}

// Undoing what made the file removes it.
func TestUndoOfTheFirst(t *testing.T) {
	path := place(t, "")
	must.Do(t, Edit(t.Context(), path, plan("A")))
	wantText(t, path, planned)
	must.Get(Undo(t.Context(), path, ""))(t)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

func TestLockWaits(t *testing.T) {
	path := place(t, planned)
	ctx, cancel := context.WithCancel(t.Context())
	err := Edit(t.Context(), path, func(*Editor) error {
		cancel()
		return Edit(ctx, path, plan("B")) // it can't have the lock
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	wantText(t, path, planned)
}
