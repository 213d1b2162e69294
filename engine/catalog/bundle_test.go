package catalog_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/bundle"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/keys"
	"github.com/posture-score/posture/internal/must"
)

func ed25519Key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func bundled(t testing.TB, s catalog.Source, key crypto.Signer) []byte {
	t.Helper()
	var text bytes.Buffer
	must.Do(t, s.WriteBundle(&text, key))
	return text.Bytes()
}

// unpacked returns the files of a bundle.
func unpacked(t *testing.T, text []byte) map[string]string {
	t.Helper()
	files := map[string]string{}
	for tr := tar.NewReader(must.Get(gzip.NewReader(bytes.NewReader(text)))(t)); ; {
		header, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		must.Do(t, err)
		files[header.Name] = string(must.Get(io.ReadAll(tr))(t))
	}
}

func repacked(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var entries []entry
	for _, name := range slices.Sorted(maps.Keys(files)) {
		entries = append(entries, entry{name: name, text: files[name]})
	}
	return packed(t, entries...)
}

// TestBundle packs catalogs: the same bytes each time, which are the same catalog again, signed or not. OPA loads the bundle and verifies it.
func TestBundle(t *testing.T) {
	sources := map[string]catalog.Source{
		"builtin": must.Get(catalog.Builtin())(t),
		"ours":    source(t, "ours", map[string]string{"entra/defaults.hcl": settingHCL, "entra/defaults.rego": settingRego}),
	}
	signers := map[string]crypto.Signer{"unsigned": nil, "ed25519": ed25519Key(1), "ecdsa": must.Get(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)}
	for name, want := range sources {
		for kind, key := range signers {
			t.Run(name+" "+kind, func(t *testing.T) {
				text := bundled(t, want, key)
				expect.Equalf(t, true, bytes.Equal(text, bundled(t, want, key)), "the same bytes again")
				got := must.Get(catalog.Archive("x.tar.gz", bytes.NewReader(text)))(t)
				expect.Equal(t, want.Digest(), got.Digest())
				reader := bundle.NewReader(bytes.NewReader(text))
				if key != nil {
					got = must.Get(catalog.ArchiveSigned("x.tar.gz", bytes.NewReader(text), key.Public()))(t)
					expect.Equal(t, want.Digest(), got.Digest())
					alg := "EdDSA"
					if kind == "ecdsa" {
						alg = "ES256"
					}
					config := bundle.KeyConfig{Key: string(must.Get(keys.PEM(key.Public()))(t)), Algorithm: alg}
					reader = reader.WithBundleVerificationConfig(bundle.NewVerificationConfig(map[string]*bundle.KeyConfig{"ours": &config}, "ours", "", nil))
				}
				loaded := must.Get(reader.Read())(t)
				expect.Equal(t, []string{"policies"}, *loaded.Manifest.Roots)
				expect.Equal(t, want.Digest(), loaded.Manifest.Revision)
				if len(loaded.Modules) == 0 {
					t.Error("OPA finds no rule in it")
				}
			})
		}
	}
}

// TestBundleTampered changes a signed bundle in every way: none of them is loaded with the key, and each is named.
func TestBundleTampered(t *testing.T) {
	key := ed25519Key(1)
	ours := source(t, "ours", map[string]string{"entra/defaults.hcl": settingHCL, "entra/defaults.rego": settingRego})
	signed := bundled(t, ours, key)
	other := bundled(t, ours, ed25519Key(2))
	change := func(change func(map[string]string)) []byte {
		files := unpacked(t, signed)
		change(files)
		return repacked(t, files)
	}
	tests := map[string]struct {
		text []byte
		want string // a part of the error; empty for none
	}{
		"packed again":     {change(func(map[string]string) {}), ""},
		"HCL changed":      {change(func(f map[string]string) { f["entra/defaults.hcl"] += "\n" }), "entra/defaults.hcl: digest mismatch"},
		"Rego changed":     {change(func(f map[string]string) { f["entra/defaults.rego"] += "\n" }), "entra/defaults.rego: digest mismatch"},
		"file added":       {change(func(f map[string]string) { f["entra/more.hcl"] = "" }), "file entra/more.hcl not included in bundle signature"},
		"other file added": {change(func(f map[string]string) { f["README.md"] = "" }), "file README.md not included in bundle signature"},
		"file removed":     {change(func(f map[string]string) { delete(f, "entra/defaults.rego") }), "entra/defaults.rego"},
		"manifest changed": {change(func(f map[string]string) { f[".manifest"] = `{"roots":[""]}` }), ".manifest: digest mismatch"},
		"delta":            {change(func(f map[string]string) { f["patch.json"] = `{"data":[]}` }), "it is not what the key"},
		"not signed":       {bundled(t, ours, nil), "it is not signed, and a key is wanted"},
		"another key":      {other, "failed to verify JWT signature"},
		"no signatures":    {change(func(f map[string]string) { f[".signatures.json"] = `{"signatures":[]}` }), "it is not what the key"},
		"algorithm none": {change(func(f map[string]string) {
			var list struct{ Signatures []string }
			must.Do(t, json.Unmarshal([]byte(f[".signatures.json"]), &list))
			parts := strings.Split(list.Signatures[0], ".")
			f[".signatures.json"] = `{"signatures":["eyJhbGciOiJub25lIn0.` + parts[1] + `."]}`
		}), "failed to verify JWT signature"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.ArchiveSigned("x.tar.gz", bytes.NewReader(test.text), key.Public())
			switch {
			case test.want == "":
				must.Do(t, err)
			case err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "verifying catalog x.tar.gz: "):
				t.Errorf("error is %v, want %q", err, test.want)
			}
		})
	}
}

func TestOpenSigned(t *testing.T) {
	key := ed25519Key(1)
	dir := folder(t, map[string]string{"entra/defaults.hcl": settingHCL, "entra/defaults.rego": settingRego})
	_, err := catalog.OpenSigned(dir, key.Public())
	if err == nil || !strings.Contains(err.Error(), "is a folder, which can't be signed") {
		t.Errorf("error is %v", err)
	}
	path := filepath.Join(t.TempDir(), "x.tar.gz")
	must.Do(t, os.WriteFile(path, bundled(t, must.Get(catalog.Dir(dir))(t), key), 0o600))
	expect.Equal(t, must.Get(catalog.Dir(dir))(t).Digest(), must.Get(catalog.OpenSigned(path, key.Public()))(t).Digest())
}

// FuzzArchiveSigned reads anything with a key: nothing panics, and nothing is accepted that the key did not sign.
func FuzzArchiveSigned(f *testing.F) {
	key := ed25519Key(1)
	ours := source(f, "ours", map[string]string{"entra/defaults.hcl": settingHCL})
	f.Add(bundled(f, ours, ed25519Key(2)))
	f.Add(bundled(f, ours, nil))
	f.Fuzz(func(t *testing.T, text []byte) {
		if _, err := catalog.ArchiveSigned("x", bytes.NewReader(text), key.Public()); err == nil {
			t.Error("accepted")
		}
	})
}
