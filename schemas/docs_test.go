package schemas

import (
	"os"
	"strings"
	"testing"
)

// The manifest that the reference shows is one.
func TestReferenceShowsAManifest(t *testing.T) {
	raw, err := os.ReadFile("../docs/evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "```json\n")
	example, _, _ := strings.Cut(rest, "```")
	if found := Validate("manifest", decode(t, example)); found != nil {
		t.Errorf("violations: %v", found)
	}
}
