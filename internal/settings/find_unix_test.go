//go:build unix

package settings

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestForeignFile has a file above the folder that belongs to somebody else: it is not followed, unless the folder is theirs, too.
func TestForeignFile(t *testing.T) {
	const other = 12345
	root := t.TempDir()
	path := filepath.Join(root, Name)
	put(t, path, "")
	inner := filepath.Join(root, "mine")
	must.Do(t, os.Mkdir(inner, 0o755))
	if err := os.Lchown(path, other, -1); err != nil {
		t.Skip("only root may give files away")
	}
	if _, err := Find(inner, ""); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("the file of another user: %v", err)
	}
	expect.Equalf(t, path, must.Get(Find(root, ""))(t), "in its own folder")
	must.Do(t, os.Chown(inner, other, -1))
	if _, err := Find(inner, ""); err != nil {
		t.Errorf("in a folder of the same user: %v", err)
	}
}
