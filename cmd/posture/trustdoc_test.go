package main

import (
	"io"
	stdlog "log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/posture-score/posture/internal/must"
)

// TestTrustPage runs the commands of docs/trust.md, in their order, with a registry on this machine.
func TestTrustPage(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl")
	}
	page := string(must.Get(os.ReadFile(filepath.Join("..", "..", "docs", "trust.md")))(t))
	script := string(must.Get(os.ReadFile(filepath.Join("testdata", "script", "policy_bundle.txtar")))(t))
	tenants := must.Get(filepath.Abs(filepath.Join("..", "..", "testdata")))(t)
	t.Chdir(t.TempDir())
	must.Do(t, os.Symlink(tenants, "testdata"))
	for _, name := range []string{"catalog.hcl", "entra/defaults.hcl", "entra/defaults.rego"} {
		_, text, _ := strings.Cut(script, "-- ours/"+name+" --\n")
		text, _, _ = strings.Cut(text, "\n-- ")
		path := filepath.Join("our-controls", filepath.FromSlash(name))
		must.Do(t, os.MkdirAll(filepath.Dir(path), 0o700))
		must.Do(t, os.WriteFile(path, []byte(text+"\n"), 0o600))
	}
	server := httptest.NewServer(registry.New(registry.Logger(stdlog.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	run := 0
	for line := range strings.Lines(page) {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		run++
		command = strings.ReplaceAll(strings.TrimSpace(command), "localhost:5000", strings.TrimPrefix(server.URL, "http://"))
		if text, err := exec.CommandContext(t.Context(), "sh", "-ec", command).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, text)
		}
	}
	if run < 15 {
		t.Errorf("%d commands were run", run)
	}
	for _, pair := range [][2]string{{"verified.json", "assessment.json"}, {"signed.json", "assessment.intoto.json"}, {"shared.tar.gz", "catalog.tar.gz"}} {
		if string(must.Get(os.ReadFile(pair[0]))(t)) != string(must.Get(os.ReadFile(pair[1]))(t)) {
			t.Errorf("%s and %s differ", pair[0], pair[1])
		}
	}
}
