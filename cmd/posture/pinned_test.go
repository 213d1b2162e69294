package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestNewerBuiltin builds a program whose built-in catalog has another control: it does not score by it where the catalog is pinned, it scores as
// before by the catalog that the old program wrote, and otherwise only once the new one is accepted.
func TestNewerBuiltin(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program")
	}
	dir := t.TempDir()
	root := must.Get(filepath.Abs(filepath.Join("..", "..")))(t)
	policy := filepath.Join(root, "policies", "entra", "admin_mfa.hcl")
	text := string(must.Get(os.ReadFile(policy))(t))
	changed := strings.Replace(text, "points      = 10", "points      = 9", 1)
	if changed == text {
		t.Fatal("the control is another one by now")
	}
	file := func(name string) string { return filepath.Join(dir, name) }
	must.Do(t, os.WriteFile(file("admin_mfa.hcl"), []byte(changed), 0o600))
	overlay := must.Get(json.Marshal(map[string]any{"Replace": map[string]string{policy: file("admin_mfa.hcl")}}))(t)
	must.Do(t, os.WriteFile(file("overlay.json"), overlay, 0o600))
	build := exec.CommandContext(t.Context(), "go", "build", "-ldflags", "-s -w", "-overlay", file("overlay.json"), "-o", file("new"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	t.Chdir(dir)
	// try runs this program, or the new one.
	try := func(program, args string) (output string, worked bool) {
		if program == "old" {
			var out bytes.Buffer
			code := run(t.Context(), strings.Fields(args), terminal{in: strings.NewReader(""), out: &out, err: &out})
			return out.String(), code == exitOK
		}
		out, err := exec.CommandContext(t.Context(), file(program), strings.Fields(args)...).CombinedOutput()
		return string(out), err == nil
	}
	// works returns the score of the assessment that a command line wrote.
	works := func(program, args string) string {
		t.Helper()
		if out, ok := try(program, args); !ok {
			t.Fatalf("%s %s: %s", program, args, out)
		}
		saved, err := os.Open(file("a.json"))
		if err != nil {
			return ""
		}
		defer saved.Close()
		score := must.Get(assessmentfile.Read(saved))(t).Score
		return score.Achieved.String() + " of " + score.Total.String()
	}
	assess := "assess " + filepath.Join(root, "testdata", "contoso") + " --format json --output a.json"
	works("old", "policy lock --builtin")
	before := works("old", assess)
	out, worked := try("new", assess)
	if worked || !strings.Contains(out, "is pinned in posture.lock, so that another program does not change the score") {
		t.Errorf("the new program says %s", out)
	}
	works("old", "policy bundle --output builtin.tar.gz")
	expect.Equal(t, before, works("new", assess+" --no-builtin --catalog builtin.tar.gz"))
	works("new", "policy lock --builtin")
	if after := works("new", assess); after == before {
		t.Errorf("the new catalog has the same score: %s", after)
	}
}
