package page_test

import (
	"strings"
	"testing"
)

// TestPrint holds that who has no scripts can print a summary, or everything, by a link.
func TestPrint(t *testing.T) {
	s := sample(t)
	for query, want := range map[string][2]string{
		"":                {``, `<a class="muted" data-unscripted href="?print=summary">Print summary</a>`},
		"print=summary":   {` data-print="summary"`, "prints a summary of this tab"},
		"print=full":      {` data-print="full"`, "prints this tab as a whole"},
		"print=%22%3E%3C": {``, ``},
	} {
		text := tab(t, s, "overview", query)
		head, _, _ := strings.Cut(text, "<head>")
		if strings.Contains(head, "data-print") != (want[0] != "") || !strings.Contains(head, want[0]) || !strings.Contains(text, want[1]) {
			t.Errorf("%q: %s", query, head)
		}
	}
}
