package replace_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/replace"
)

// What stood in the file before is gone as a whole.
func ExampleFile() {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	name := filepath.Join(dir, "a.txt")
	for _, text := range []string{"something long", "short"} {
		if err := replace.File(name, []byte(text), 0o600); err != nil {
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

func TestFile(t *testing.T) {
	dir := t.TempDir()
	if err := replace.File(filepath.Join(dir, "a"), []byte("x"), 0o640); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "a"))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || info.Mode().Perm() != 0o640 {
		t.Errorf("the folder holds %v, the file's mode is %v; want the file alone, with mode 0640", entries, info.Mode())
	}
	err = replace.File(filepath.Join(dir, "none", "a"), nil, 0o600)
	var path *fs.PathError
	if !errors.Is(err, fs.ErrNotExist) || errors.As(err, &path) {
		t.Errorf("in a folder that is not there: %v; want an error without a path", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "folder"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := replace.File(filepath.Join(dir, "folder"), nil, 0o600); err == nil {
		t.Error("a folder was replaced")
	}
	if entries, _ = os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("a failure leaves %v behind", entries)
	}
}
