package pipeline

import (
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// ignored reports whether .dockerignore leaves a file out: the last pattern that matches it, or a folder of it, counts.
func ignored(patterns []string, file string) bool {
	out := false
	for _, pattern := range patterns {
		pattern, back := strings.CutPrefix(pattern, "!")
		name, anywhere := strings.CutPrefix(pattern, "**/")
		for at := file; at != "."; at = path.Dir(at) {
			tried := at
			if anywhere {
				tried = path.Base(at)
			}
			if ok, _ := path.Match(name, tried); ok {
				out = !back
			}
		}
	}
	return out
}

// TestDockerignore holds that an image is built from all that the program is made of, and that nothing else makes it another one.
func TestDockerignore(t *testing.T) {
	patterns := []string{}
	for _, line := range lines(string(must.Get(os.ReadFile(filepath.Join(root, ".dockerignore")))(t))) {
		if !strings.HasPrefix(line, "#") {
			patterns = append(patterns, line)
		}
	}
	const files = `{{if .Module}}{{if .Module.Main}}{{$dir := .Dir}}{{range .GoFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{range .EmbedFiles}}{{$dir}}/{{.}}{{"\n"}}{{end}}{{end}}{{end}}`
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", files, "./cmd/posture")
	list.Dir = root
	top := must.Get(filepath.Abs(root))(t)
	needed := lines(string(must.Get(list.Output())(t)))
	if len(needed) < 500 {
		t.Fatalf("the program has %d files", len(needed))
	}
	for _, name := range append(needed, filepath.Join(top, "go.mod"), filepath.Join(top, "go.sum")) {
		if file := filepath.ToSlash(must.Get(filepath.Rel(top, name))(t)); ignored(patterns, file) {
			t.Errorf(".dockerignore leaves out %s", file)
		}
	}
	for _, file := range []string{
		".git/HEAD", "README.md", "docs/cli.md", "bin/posture", "testdata/contoso/manifest.json", "posture_test.go", "engine/engine_test.go",
		"internal/page/web/node_modules/eslint/package.json", "cmd/posture/testdata/script/usage.txtar", "evidence.tar.zst", "redact.key",
	} {
		expect.Equalf(t, true, ignored(patterns, file), "%s", file)
	}
}

// TestDockerfile holds what the page promises of the image.
func TestDockerfile(t *testing.T) {
	text := string(must.Get(os.ReadFile(filepath.Join(root, "Dockerfile")))(t))
	_, image, found := strings.Cut(text, "\nFROM scratch\n")
	if !found || strings.Contains(image, "\nRUN ") || !strings.Contains(image, "\nUSER 65532:65532\n") {
		t.Errorf("the image is not a program alone, for nobody:\n%s", image)
	}
	for _, want := range []string{"CGO_ENABLED=0", "GOTOOLCHAIN=local", "-trimpath", "-buildvcs=false", "-buildid=", "ca-certificates.crt", "-m 1777 /out/tmp"} {
		if !strings.Contains(text, want) {
			t.Errorf("the Dockerfile has no %s", want)
		}
	}
	module := string(must.Get(os.ReadFile(filepath.Join(root, "go.mod")))(t))
	_, version, _ := strings.Cut(module, "\ngo ")
	version, _, _ = strings.Cut(version, "\n")
	if !strings.Contains(text, "\nARG GO=golang:"+version+"\n") {
		t.Errorf("the Dockerfile does not build with go %s, as go.mod says", version)
	}
}
