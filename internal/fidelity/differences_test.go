package fidelity_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/posture-score/posture"
	"github.com/posture-score/posture/internal/must"
)

// TestDifferencesAreKept holds that a control of which docs/fidelity.md says that its result is another one than Microsoft's, or may be,
// says so itself: `posture reconcile` shows what the catalog knows.
func TestDifferencesAreKept(t *testing.T) {
	page := string(must.Get(os.ReadFile(filepath.Join("..", "..", "docs", "fidelity.md")))(t))
	cat := must.Get(posture.LoadCatalog(t.Context()))(t)
	named := 0
	for line := range strings.Lines(page) {
		if !strings.HasPrefix(line, "| other on purpose") && !strings.HasPrefix(line, "| not decided") {
			continue
		}
		for _, id := range regexp.MustCompile(`\w+`).FindAllString(line, -1) {
			control, ok := cat.Control(id)
			if !ok {
				continue
			}
			if named++; len(control.Differences) == 0 {
				t.Errorf("%s has no differences in the catalog", id)
			}
		}
	}
	if named < 5 {
		t.Errorf("the page names %d controls", named)
	}
}
