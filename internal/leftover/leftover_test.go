//go:build unix

package leftover_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/leftover"
	"github.com/posture-score/posture/internal/must"
)

// waits names the variable by which a test starts this program again, to make temporary files and be killed.
const waits = "POSTURE_TEST_LEFTOVER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(waits); dir != "" {
		file, err := leftover.File(dir, "report.html")
		if err == nil {
			_, _, err = leftover.Folder()
		}
		fmt.Println("ready", err)
		_, _ = os.Stdin.Read(make([]byte, 1)) // until it is killed
		_ = file.Close()
	}
	os.Exit(m.Run())
}

// started is another process that holds a temporary file and a temporary folder.
func started(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(must.Get(os.Executable())(t))
	cmd.Env = append(os.Environ(), waits+"="+dir)
	must.Get(cmd.StdinPipe())(t)
	out := must.Get(cmd.StdoutPipe())(t)
	must.Do(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "ready <nil>\n" {
		t.Fatal(line, err)
	}
	return cmd
}

// kill kills a process, which can do nothing about it.
func kill(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	must.Do(t, cmd.Process.Kill())
	_ = cmd.Wait()
}

// count returns how many files and folders are in two folders.
func count(t *testing.T, dir, temp string) string {
	t.Helper()
	return fmt.Sprintf("%d files, %d folders", len(must.Get(os.ReadDir(dir))(t)), len(must.Get(os.ReadDir(temp))(t)))
}

// TestKilled holds that what a killed process leaves behind is removed by the next one, and that nobody removes what another process
// still uses.
func TestKilled(t *testing.T) {
	dir, temp := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	first, second := started(t, dir), started(t, dir)
	expect.Equal(t, "2 files, 2 folders", count(t, dir, temp))
	kill(t, first)
	expect.Equal(t, "2 files, 2 folders", count(t, dir, temp))

	file := must.Get(leftover.File(dir, "another.html"))(t)
	folder, remove, err := leftover.Folder()
	must.Do(t, err)
	expect.Equal(t, "2 files, 2 folders", count(t, dir, temp)) // those of the second process, and these
	must.Do(t, os.WriteFile(filepath.Join(folder, "a"), nil, 0o600))
	must.Do(t, remove())
	must.Do(t, os.Remove(file.Name()))
	must.Do(t, file.Close())
	expect.Equal(t, "1 files, 1 folders", count(t, dir, temp))
	kill(t, second)
}

// TestPrivate holds that temporary files are for their owner alone, and that a umask takes away more.
func TestPrivate(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	file := must.Get(leftover.File(t.TempDir(), "report.html"))(t)
	defer file.Close()
	expect.Equal(t, "-rw-------", must.Get(file.Stat())(t).Mode().String())
	folder, remove, err := leftover.Folder()
	must.Do(t, err)
	for _, dir := range []string{folder, filepath.Dir(folder)} {
		expect.Equal(t, "drwx------", must.Get(os.Stat(dir))(t).Mode().String())
	}
	must.Do(t, remove())
}

// TestForeign holds that nothing is removed that has another name, or is no file that this package makes.
func TestForeign(t *testing.T) {
	dir, temp, elsewhere := t.TempDir(), t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temp)
	for _, name := range []string{".report.html.123.tmp", "report.html.posture-1.tmp", ".posture-1.tmp", ".report.posture-x.tmp", "posture-temp-1"} {
		must.Do(t, os.WriteFile(filepath.Join(dir, name), nil, 0o600))
		must.Do(t, os.MkdirAll(filepath.Join(temp, name), 0o700))
	}
	kept := filepath.Join(elsewhere, "kept")
	must.Do(t, os.WriteFile(kept, nil, 0o600))
	must.Do(t, os.Symlink(kept, filepath.Join(dir, ".link.posture-1.tmp")))
	must.Do(t, os.Symlink(elsewhere, filepath.Join(temp, "posture-temp-2")))
	must.Do(t, os.Mkdir(filepath.Join(dir, ".folder.posture-1.tmp"), 0o700))
	file := must.Get(leftover.File(dir, "report.html"))(t)
	defer file.Close()
	_, remove, err := leftover.Folder()
	must.Do(t, err)
	must.Do(t, remove())
	// Of all these, posture-temp-1 alone is a folder that a process may have left behind, since it is empty.
	expect.Equal(t, "8 files, 5 folders", count(t, dir, temp))
	if _, err := os.Stat(kept); err != nil || strings.Contains(count(t, elsewhere, temp), "0 files") {
		t.Error(err)
	}
}

// TestTogether holds that processes which start at the same time take nothing from one another.
func TestTogether(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", t.TempDir())
	done := make(chan error)
	for range 8 {
		go func() {
			var err error
			for i := 0; i < 50 && err == nil; i++ {
				var file *os.File
				if file, err = leftover.File(dir, "a"); err == nil {
					err = os.Rename(file.Name(), filepath.Join(dir, "a"))
					_ = file.Close()
				}
				if err != nil {
					break
				}
				var folder string
				var remove func() error
				if folder, remove, err = leftover.Folder(); err == nil {
					if err = os.WriteFile(filepath.Join(folder, "a"), nil, 0o600); err == nil {
						err = remove()
					}
				}
			}
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// ExampleFolder makes a folder for as long as something is unpacked.
func ExampleFolder() {
	dir, remove, err := leftover.Folder()
	if err != nil {
		panic(err)
	}
	defer func() { _ = remove() }()
	fmt.Println(filepath.Base(dir))
	// Output: files
}
