package atomicfile_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/atomicfile"
	"github.com/posture-score/posture/internal/must"
)

// What stood in the file before is gone as a whole.
func ExampleFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	name := filepath.Join(dir, "a.txt")
	for _, text := range []string{"something long", "short"} {
		if err := atomicfile.File(name, []byte(text)); err != nil {
			log.Fatal(err)
		}
	}
	text, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))
	if err := os.RemoveAll(dir); err != nil {
		log.Fatal(err)
	}
	// Output: short
}

// A text that is written bit by bit replaces the file once it is complete, and not before.
func ExampleWriter() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	name := filepath.Join(dir, "list.txt")
	show := func() {
		text, err := os.ReadFile(name)
		fmt.Printf("%q, there: %v\n", text, err == nil)
	}
	w, err := atomicfile.Create(name)
	if err != nil {
		log.Fatal(err)
	}
	for i := range 3 {
		fmt.Fprintln(w, "record", i)
	}
	show()
	if err := w.Commit(); err != nil {
		log.Fatal(err)
	}
	show()
	if err := os.RemoveAll(dir); err != nil {
		log.Fatal(err)
	}
	// Output:
	// "", there: false
	// "record 0\nrecord 1\nrecord 2\n", there: true
}

// TestWriter holds that whatever becomes of a text, the file holds the old one or all of the new one, and nothing lies beside it.
func TestWriter(t *testing.T) {
	for _, test := range []struct {
		name string
		end  func(*atomicfile.Writer) error
		want string
		err  error
	}{
		{"committed", (*atomicfile.Writer).Commit, "new", nil},
		{"discarded", func(w *atomicfile.Writer) error { w.Discard(); return nil }, "old", nil},
		{"committed and then discarded", func(w *atomicfile.Writer) error { defer w.Discard(); return w.Commit() }, "new", nil},
		{"committed twice", func(w *atomicfile.Writer) error { return errors.Join(w.Commit(), w.Commit()) }, "new", fs.ErrClosed},
		{"discarded and then committed", func(w *atomicfile.Writer) error { w.Discard(); return w.Commit() }, "old", fs.ErrClosed},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			name := filepath.Join(dir, "a")
			must.Do(t, os.WriteFile(name, []byte("old"), 0o600))
			w := must.Get(atomicfile.Create(name))(t)
			for _, part := range []string{"n", "ew"} {
				must.Get(w.Write([]byte(part)))(t)
			}
			if err := test.end(w); !errors.Is(err, test.err) {
				t.Errorf("%v, want %v", err, test.err)
			}
			if text, err := os.ReadFile(name); err != nil || string(text) != test.want {
				t.Errorf("the file holds %q (%v), want %q", text, err, test.want)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("the folder holds %v (%v)", entries, err)
			}
		})
	}
}

// TestUnwritten never puts a text in place of which a part could not be written.
func TestUnwritten(t *testing.T) {
	dir := t.TempDir()
	w := must.Get(atomicfile.Create(filepath.Join(dir, "a")))(t)
	var path *fs.PathError
	if err := w.Fail(); err == nil || errors.As(err, &path) {
		t.Errorf("writing to a closed file: %v; want an error without a path", err)
	}
	if err := w.Commit(); err == nil {
		t.Error("half a text was committed")
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("a failure leaves %v behind (%v)", entries, err)
	}
}

func TestFile(t *testing.T) {
	dir := t.TempDir()
	must.Do(t, atomicfile.File(filepath.Join(dir, "a"), []byte("x")))
	entries, err := os.ReadDir(dir)
	must.Do(t, err)
	info := must.Get(os.Stat(filepath.Join(dir, "a")))(t)
	if len(entries) != 1 || info.Mode().Perm() != 0o600 {
		t.Errorf("the folder holds %v, the file's mode is %v; want the file alone, with mode 0600", entries, info.Mode())
	}
	must.Do(t, os.Chmod(filepath.Join(dir, "a"), 0o664)) // more than a usual umask leaves
	must.Do(t, atomicfile.File(filepath.Join(dir, "a"), []byte("y")))
	if info := must.Get(os.Stat(filepath.Join(dir, "a")))(t); info.Mode().Perm() != 0o664 {
		t.Errorf("the mode became %v", info.Mode())
	}
	err = atomicfile.File(filepath.Join(dir, "none", "a"), nil)
	var path *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || errors.As(err, &path) {
		t.Errorf("in a folder that is not there: %v; want an error without a path", err)
	}
	must.Do(t, os.Mkdir(filepath.Join(dir, "folder"), 0o700))
	if err := atomicfile.File(filepath.Join(dir, "folder"), nil); err == nil {
		t.Error("a folder was replaced")
	}
	if entries, _ = os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("a failure leaves %v behind", entries)
	}
}
