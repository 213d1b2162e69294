package report

import (
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

func TestGitLab(t *testing.T) {
	s := schema(t, "gitlab-code-quality.json")
	for name, page := range pages(t) {
		want, prints := 0, map[string]bool{}
		for i := range page.Actions {
			switch verdictOf(&page.Actions[i]) {
			case open, unknown, broken:
				want++
			}
		}
		list := valid(t, s, rendered(t, page, "gitlab")).([]any)
		for _, v := range list {
			prints[v.(map[string]any)["fingerprint"].(string)] = true
		}
		expect.Equalf(t, want, len(list), "%s: violations", name)
		expect.Equalf(t, want, len(prints), "%s: fingerprints", name)
	}
	for _, page := range checks(t) {
		valid(t, s, rendered(t, page, "gitlab"))
	}
}
