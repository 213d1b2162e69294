package catalog_test

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

var (
	entryHead = regexp.MustCompile(`^## (\d+)\.(\d+)\.(\d+) \((\d{4}-\d\d-\d\d|not released yet)\)$`)
	entryPart = []string{"Added", "Points changed", "Rule changed", "Deprecated", "Removed", "Facts changed"}
)

// TestChangelog holds the catalog's changelog to its version: the newest entry is about the catalog
// as it is.
func TestChangelog(t *testing.T) {
	text := must.Get(os.ReadFile("../../policies/CHANGELOG.md"))(t)
	var versions [][]int
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if part, ok := strings.CutPrefix(line, "### "); ok && !slices.Contains(entryPart, part) {
			t.Errorf("%q is not a part of an entry: choose one of %s", part, strings.Join(entryPart, ", "))
		}
		if !strings.HasPrefix(line, "## ") {
			continue
		}
		head := entryHead.FindStringSubmatch(line)
		if head == nil {
			t.Errorf("%q is not the head of an entry: write ## 1.2.3 (2026-11-30), or (not released yet)", line)
			continue
		}
		if head[4] == "not released yet" && len(versions) > 0 {
			t.Errorf("%q is not the newest entry", line)
		}
		version := make([]int, 3)
		for i := range version {
			version[i], _ = strconv.Atoi(head[i+1])
		}
		if n := len(versions); n > 0 && slices.Compare(versions[n-1], version) <= 0 {
			t.Errorf("the entry of %v does not come after a newer one", version)
		}
		versions = append(versions, version)
	}
	if len(versions) == 0 {
		t.Fatal("there is no entry")
	}
	newest := make([]string, 3)
	for i, n := range versions[0] {
		newest[i] = strconv.Itoa(n)
	}
	if got, want := strings.Join(newest, "."), builtinCatalog(t).Version(); got != want {
		t.Errorf("the newest entry is %s, and the catalog's version is %s", got, want)
	}
}
