package page_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/browser"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
)

// TestPrinted prints the single file: its summary is one page, and the whole of it has what is closed.
func TestPrinted(t *testing.T) {
	s, dir := decided(t), t.TempDir()
	write := func(name, attribute string) string {
		var file bytes.Buffer
		must.Do(t, must.Get(page.New())(t).File(&file, s))
		path := filepath.Join(dir, name)
		must.Do(t, os.WriteFile(path, bytes.Replace(file.Bytes(), []byte("<html "), []byte("<html "+attribute), 1), 0o600))
		return "file://" + path
	}
	summary := write("summary.html", `data-print="summary" `)
	s.Assessment.Actions = s.Assessment.Actions[:30] // a page each
	whole := write("whole.html", "")
	var chromium browser.Browser
	t.Cleanup(func() { must.Do(t, chromium.Stop()) })
	pages := chromium.Open(t, summary, browser.Options{}).PDF()
	if len(pages) != 1 {
		t.Errorf("the summary has %d pages", len(pages))
	}
	for _, want := range []string{"Secure Score", "Top recommended actions", "Breakdown"} {
		if !strings.Contains(pages[0], browser.Printed(want)) {
			t.Errorf("the summary lacks %q", want)
		}
	}
	all := strings.Join(chromium.Open(t, whole, browser.Options{NoScript: true}).PDF(), "")
	for _, want := range []string{"Choose actions", "By owner"} {
		if !strings.Contains(all, browser.Printed(want)) {
			t.Errorf("the whole lacks %q", want)
		}
	}
}
