package catalog_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// TestControlText holds that the text of each control is one block, its own: of the built-in catalog, and of one on top of it.
func TestControlText(t *testing.T) {
	dir := t.TempDir()
	must.Do(t, os.Mkdir(filepath.Join(dir, "ours"), 0o755))
	must.Do(t, os.WriteFile(filepath.Join(dir, "ours", "braces.hcl"), []byte(`# what stands before it
control "Braces" { use = "attested" }

control "Attested" {
  title       = "A title with } and $${x}"
  category    = "data"
  product     = "purview"
  points      = 1
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = []
  description = <<-EOT
}
    }
  EOT
  attested {}
  implementation { steps = ["One."] }
  source = "ours"
}
template "attested" {
  title       = "Title of ${control.id}"
  category    = "data"
  product     = "purview"
  points      = 1
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = []
  attested {}
  implementation { steps = ["One."] }
  source = "ours"
}
`), 0o644))
	cat := must.Get(catalog.Load(t.Context(), must.Get(schemas.Builtin())(t), must.Get(catalog.Builtin())(t), must.Get(catalog.Dir(dir))(t)))(t)
	for _, control := range cat.Controls() {
		text, ok := cat.ControlText(control)
		if !ok {
			t.Errorf("%s has no text", control.ID)
			continue
		}
		file, diags := hclsyntax.ParseConfig(text, "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Errorf("%s: %v", control.ID, diags)
			continue
		}
		if blocks := file.Body.(*hclsyntax.Body).Blocks; len(blocks) != 1 || blocks[0].Labels[0] != control.ID {
			t.Errorf("%s: %d blocks:\n%s", control.ID, len(blocks), text)
		}
	}
	braces, _ := cat.Control("Braces")
	if text, _ := cat.ControlText(braces); string(text) != `control "Braces" { use = "attested" }` {
		t.Errorf("got %s", text)
	}
	attested, _ := cat.Control("Attested")
	if text, _ := cat.ControlText(attested); !strings.HasSuffix(string(text), "source = \"ours\"\n}") {
		t.Errorf("got %s", text)
	}
	text, _ := cat.ControlText(attested, "title", "description", "category", "product", "implementation", "tier", "difficulty", "user_impact", "threats")
	if want := "control \"Attested\" {\n  points      = 1\n  attested {}\n  source = \"ours\"\n}"; string(text) != want {
		t.Errorf("got %s", text)
	}
}
