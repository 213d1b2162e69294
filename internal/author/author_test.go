package author_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/posture-score/posture/internal/author"
	"github.com/posture-score/posture/internal/must"
)

// TestGit holds that the author is put together from what git is configured with.
func TestGit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	for want, config := range map[string]string{
		"Ada Lovelace <ada@contoso.example>": "[user]\n\tname = Ada Lovelace\n\temail = ada@contoso.example\n",
		"Ada":                                "[user]\n\tname = Ada\n",
		"ada@contoso.example":                "[user]\n\temail = ada@contoso.example\n",
		"":                                   "",
	} {
		path := filepath.Join(t.TempDir(), "config")
		must.Do(t, os.WriteFile(path, []byte(config), 0o600))
		t.Setenv("GIT_CONFIG_GLOBAL", path)
		t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
		t.Chdir(t.TempDir())
		if got := author.Git(t.Context()); got != want {
			t.Errorf("the author is %q, want %q", got, want)
		}
	}
}
