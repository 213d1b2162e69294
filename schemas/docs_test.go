package schemas

import (
	"os"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// The manifest that the reference shows is one.
func TestReferenceShowsAManifest(t *testing.T) {
	raw := must.Get(os.ReadFile("../docs/evidence.md"))(t)
	_, rest, _ := strings.Cut(string(raw), "```json\n")
	example, _, _ := strings.Cut(rest, "```")
	if found := Validate("manifest", decode(t, example)); found != nil {
		t.Errorf("violations: %v", found)
	}
}
