package textlimit_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/textlimit"
)

// TestBuiltin says that everything that is built in is far below each bound: a text a few times as long, or
// with everything a few times as deep, would still be read.
func TestBuiltin(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, root := range []string{"../../policies", "../../schemas", "../../testdata"} {
		must.Do(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			var problem *textlimit.Problem
			text := must.Get(os.ReadFile(path))(t)
			switch kind := filepath.Ext(path); kind {
			case ".rego":
				_, problem = textlimit.Rego([]byte(strings.Repeat(string(text)+"\n", 10)))
				seen[kind]++
			case ".hcl":
				problem = textlimit.HCL([]byte(strings.Repeat(string(text)+"\n", 10)))
				seen[kind]++
			case ".json":
				if root != "../../schemas" {
					return nil // evidence
				}
				problem = textlimit.JSON([]byte(strings.Repeat(string(text)+"\n", 10)))
				seen[kind]++
			}
			if problem != nil {
				t.Errorf("%s: %v", path, problem)
			}
			return nil
		}))
	}
	if seen[".rego"] < 100 || seen[".hcl"] < 20 || seen[".json"] < 20 {
		t.Errorf("read %v", seen)
	}
}
