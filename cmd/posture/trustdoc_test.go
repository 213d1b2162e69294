package main

import (
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	stdlog "log"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/registry"

	"github.com/posture-score/posture/internal/keys"
	"github.com/posture-score/posture/internal/must"
)

// TestTrustPage runs the commands of docs/trust.md, in their order, with a registry on this machine.
func TestTrustPage(t *testing.T) {
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
		if write, ok := openssl()[command]; ok {
			must.Do(t, write())
			continue
		}
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

// openssl returns what its commands on the page do, which is not everywhere: they write a key, its public key, and a random text.
func openssl() map[string]func() error {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	return map[string]func() error{
		"openssl genpkey -algorithm ed25519 -out key.pem": func() error {
			der, err := x509.MarshalPKCS8PrivateKey(key)
			return errors.Join(err, os.WriteFile("key.pem", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
		},
		"openssl pkey -in key.pem -pubout -out key.pub": func() error {
			text, err := keys.PEM(key.Public())
			return errors.Join(err, os.WriteFile("key.pub", text, 0o600))
		},
		"openssl rand -hex 32 > redact.key": func() error {
			return os.WriteFile("redact.key", []byte(strings.Repeat("0f", 32)+"\n"), 0o600)
		},
	}
}
