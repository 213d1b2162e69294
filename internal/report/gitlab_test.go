package report

import (
	"encoding/json"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
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

// TestGitLabPaths has paths as the repository has them.
func TestGitLabPaths(t *testing.T) {
	for file, want := range map[string]string{"policies/a.hcl": "policies/a.hcl", "./a.hcl": "a.hcl", "a//b.hcl": "a/b.hcl", "": nowhere} {
		var list []codeQuality
		must.Do(t, json.Unmarshal([]byte(rendered(t, resultList{{rule: "r", state: failed, message: "m", at: place{file: file}}}, "gitlab")), &list))
		expect.Equal(t, codeQualityLocation{Path: want}, codeQualityLocation{Path: list[0].Location.Path})
	}
}
