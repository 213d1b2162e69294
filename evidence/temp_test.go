package evidence_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/must"
)

// TestOpenTemp holds that closing the bundle removes its folder, and so does an error of opening it.
func TestOpenTemp(t *testing.T) {
	temp := filepath.Join(t.TempDir(), "temp")
	dir := filepath.Join(temp, "bundle")
	w := must.Get(evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t"}, CollectedAt: time.Unix(0, 0)}))(t)
	must.Do(t, errors.Join(w.Document("entra.organization", map[string]any{"id": "t"}), w.Close()))
	b := must.Get(evidence.OpenTemp(t.Context(), dir, "export.json", evidence.Limits{}, removes(temp)))(t)
	if err := b.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	must.Do(t, os.Remove(filepath.Join(dir, "entra.organization.json")))
	if err := b.Verify(t.Context()); err == nil || !strings.HasPrefix(err.Error(), "export.json/entra.organization.json") {
		t.Errorf("the error is %v, which does not begin with the name", err)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	wantGone(t, temp)

	for _, inside := range []string{"bundle", "nothing"} {
		temp := t.TempDir()
		must.Do(t, os.Mkdir(filepath.Join(temp, "bundle"), 0o700))
		if _, err := evidence.OpenTemp(t.Context(), filepath.Join(temp, inside), "export.json", evidence.Limits{}, removes(temp)); err == nil {
			t.Errorf("%s was opened", inside)
		}
		wantGone(t, temp)
	}
}

// removes returns a function that removes a folder.
func removes(dir string) func() error { return func() error { return os.RemoveAll(dir) } }

func wantGone(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was left behind: %v", err)
	}
}
