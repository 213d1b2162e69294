//go:build unix

package inputfile_test

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/inputfile"
	"github.com/posture-score/posture/internal/must"
)

// ExampleOpen refuses what is no file.
func ExampleOpen() {
	_, err := inputfile.Open("/dev/null")
	fmt.Println(err)
	// Output: open /dev/null: it is a device, and neither a file nor a folder
}

// special makes a folder with a file, a folder, a named pipe, a socket and links to all of them.
func special(t *testing.T) string {
	t.Helper()
	t.Chdir(t.TempDir()) // the path of a socket has to be short
	must.Do(t, os.WriteFile("file", []byte("text"), 0o600))
	must.Do(t, os.Mkdir("folder", 0o700))
	must.Do(t, syscall.Mkfifo("pipe", 0o600))
	socket := must.Get(syscall.Socket(syscall.AF_UNIX, syscall.SOCK_STREAM, 0))(t)
	t.Cleanup(func() { _ = syscall.Close(socket) })
	must.Do(t, syscall.Bind(socket, &syscall.SockaddrUnix{Name: "socket"}))
	for _, name := range []string{"file", "folder", "pipe", "socket"} {
		must.Do(t, os.Symlink(name, name+"-link"))
	}
	return "."
}

// TestOpen opens everything by its name and by a link, from anywhere and below a root: nothing waits.
func TestOpen(t *testing.T) {
	dir := special(t)
	root := must.Get(os.OpenRoot(dir))(t)
	defer root.Close()
	for name, want := range map[string]string{
		"file": "", "folder": "", "pipe": "it is a named pipe", "socket": "it is a socket", "nothing": "no such file or directory",
	} {
		for _, name := range []string{name, name + "-link"} {
			for how, open := range map[string]func() (*os.File, error){
				"Open": func() (*os.File, error) { return inputfile.Open(filepath.Join(dir, name)) },
				"In":   func() (*os.File, error) { return inputfile.In(root, name) },
			} {
				file, err := open()
				if file != nil {
					_ = file.Close()
				}
				if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
					t.Errorf("%s of %s: %v, want %q", how, name, err, want)
				}
			}
		}
	}
}

func TestReadFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	must.Do(t, os.WriteFile(name, make([]byte, 1<<20), 0o600))
	if text, err := inputfile.ReadFile(name, 1<<20); err != nil || len(text) != 1<<20 {
		t.Errorf("%d bytes: %v", len(text), err)
	}
	must.Do(t, os.WriteFile(name, make([]byte, 1<<20+1), 0o600))
	if _, err := inputfile.ReadFile(name, 1<<20); err == nil || !strings.HasSuffix(err.Error(), "it is larger than 1 MiB") {
		t.Error(err)
	}
}

// TestGiven holds that what the process was given open is read, whatever it is.
func TestGiven(t *testing.T) {
	read, write, err := os.Pipe()
	must.Do(t, err)
	defer read.Close()
	must.Get(write.WriteString("through"))(t)
	must.Do(t, write.Close())
	file, err := inputfile.Open(fmt.Sprintf("/dev/fd/%d", read.Fd()))
	if err != nil {
		t.Skip(err) // a system without /dev/fd
	}
	defer file.Close()
	expect.Equal(t, "through", string(must.Get(io.ReadAll(file))(t)))
}

func TestFS(t *testing.T) {
	root := must.Get(os.OpenRoot(special(t)))(t)
	defer root.Close()
	files := inputfile.FS(root)
	must.Do(t, os.Remove("pipe-link"))
	must.Do(t, os.Remove("socket-link"))
	if info, err := fs.Stat(files, "pipe"); err != nil || info.Mode().IsRegular() {
		t.Errorf("%v, %v", info, err)
	}
	must.Do(t, os.Remove("pipe"))
	must.Do(t, os.Remove("socket"))
	must.Do(t, os.Remove("file-link"))
	must.Do(t, os.Remove("folder-link"))
	must.Do(t, fstest.TestFS(files, "file", "folder"))
}
