package prove_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
)

var now = time.Date(2026, time.October, 1, 6, 0, 0, 0, time.UTC)

// careless is a catalog of one control, whose rule holds if the condition does and may read some
// datasets whole. Its folder becomes the working one.
func careless(t *testing.T, condition string, context ...string) catalog.Source {
	t.Helper()
	t.Chdir(t.TempDir())
	files := map[string]string{
		"catalog.hcl": "product \"entra_id\" {\n  title = \"Microsoft Entra ID\"\n}\n",
		"entra/careless.hcl": `control "Careless" {
  title    = "Be careful"
  category = "identity"
  product  = "entra_id"
  points   = 3
  tier     = "core"
  coverage "entra.users" {
    when_empty = "full"
  }
` + fmt.Sprintf("  context = [%s]\n}\n", quoted(context)),
		"entra/careless.rego": "package policies.entra.careless\n\ndefault compliant := false\n\ncompliant if " + condition + "\n",
	}
	for name, text := range files {
		file := filepath.Join("ours", filepath.FromSlash(name))
		must.Do(t, os.MkdirAll(filepath.Dir(file), 0o700))
		must.Do(t, os.WriteFile(file, []byte(text), 0o600))
	}
	return must.Get(catalog.Open("ours"))(t)
}

// quoted writes texts as the elements of a list.
func quoted(texts []string) string {
	list := make([]string, len(texts))
	for i, text := range texts {
		list[i] = strconv.Quote(text)
	}
	return strings.Join(list, ", ")
}
