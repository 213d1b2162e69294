package reference

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
)

// hostile is a catalog whose words would be Markdown, if they were let.
const hostile = `
catalog {
  version = "1.0.0"
}

product "p" {
  title = "A | *B* <b>"
}

defaults {
  category = "apps"
  product  = "p"
  tier     = "core"
  threats  = []
  attested {}
  implementation {
    steps = ["Do it."]
  }
}

control "first" {
  title       = "` + "`|` # <script>" + `"
  description = "one | two\n\n# three"
  points      = 1.5
  source      = "here | [there](http://x)"
}

control "second" {
  title      = "1. Second"
  points     = 2
  confidence = "low"
  source     = "_nowhere_"
  prerequisite {
    control = "first"
  }
  prerequisite {
    service_plans = ["A"]
  }
  prerequisite {
    service_plans = ["B", "C"]
  }
}
`

// TestForeignCatalog writes the pages of a catalog that is not ours.
func TestForeignCatalog(t *testing.T) {
	dir := t.TempDir()
	must.Do(t, os.Mkdir(filepath.Join(dir, "p"), 0o755))
	must.Do(t, os.WriteFile(filepath.Join(dir, "p", "claims.hcl"), []byte(hostile), 0o644))
	source := must.Get(catalog.Dir(dir))(t)
	for _, page := range Pages(load(t, source)) {
		wellFormed(t, page)
		if page.Path != "catalog/p.md" {
			continue
		}
		for _, want := range []string{
			`# A | \*B\* \<b\>`,
			"2 controls, 3.5 points. Every tenant has it.",
			"| [`first`](#pclaims) | \\`\\|\\` # \\<script\\> | 1.5 | apps | attested |  |",
			"| [`second`](#pclaims) | 1\\. Second | 2 | apps | attested | low |",
			"## `p/claims`\n\n2 controls stand in one file.",
			"| control | the rule in words | license | comes after | confidence |",
			"| `first` | one \\| two # three |  |  |  |",
			"| `second` |  | `A`, and any of `B`, `C` | [`first`](../catalog/p.md#pclaims) | low |",
			"- **source** of `first`: here | \\[there\\](http://x)",
			`- **source** of ` + "`second`" + `: \_nowhere\_`,
		} {
			if !strings.Contains(page.Text, want) {
				t.Errorf("the page lacks %q:\n%s", want, page.Text)
			}
		}
	}
}
