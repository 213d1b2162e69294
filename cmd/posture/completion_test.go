package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/posture-score/posture/internal/must"
	"github.com/spf13/pflag"
)

// TestEverythingIsCompleted holds that each flag and argument is completed, or says why not, and that flags are written in one style.
func TestEverythingIsCompleted(t *testing.T) {
	t.Parallel()
	for _, cmd := range tree() {
		names, _ := arguments(cmd)
		for _, name := range names {
			if one, ok := placeholders()[name]; !ok || one.by == nil && one.why == "" {
				t.Errorf("%s: nothing completes the argument %s: add it to placeholders", cmd.CommandPath(), name)
			}
		}
		cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) {
			if one, ok := completionOf(cmd, flag); !ok || one.by == nil && one.why == "" {
				t.Errorf("%s --%s: nothing completes it: add it to flagCompletions", cmd.CommandPath(), flag.Name)
			}
			name, usage := pflag.UnquoteUsage(flag)
			if name != strings.ToUpper(name) {
				t.Errorf("%s --%s: the placeholder %q is not upper case", cmd.CommandPath(), flag.Name, name)
			}
			first := []rune(usage)
			if len(first) > 1 && unicode.IsUpper(first[0]) && unicode.IsLower(first[1]) || strings.HasSuffix(usage, ".") {
				t.Errorf("%s --%s: the usage %q begins in upper case or ends with a full stop", cmd.CommandPath(), flag.Name, usage)
			}
		})
	}
}

func TestComplete(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken")
	must.Do(t, os.Mkdir(broken, 0o700))
	must.Do(t, os.WriteFile(filepath.Join(broken, "a.hcl"), []byte("control {"), 0o600))
	for line, want := range map[string]string{
		"policy show AdminMF": "AdminMFAV2", "action show adminmf": "AdminMFAV2", "explain AdminMF": "AdminMFAV2",
		"actions x --status pl": "planned", "actions x --product entra_": "entra_id", "actions x --category id": "identity",
		"actions x --columns id,ti": "id,title", "assess --format sar": "sarif", "assess --report sar": "sarif=",
		"assess --fail-on regression,exp": "regression,expired", "assess --fail-under identity=80,product:exchange_o": "identity=80,product:exchange_online=",
		"schema show entra.user_reg": "entra.user_registration", "actions x --sort ra": "rank", "completion fi": "fish",
		"evidence plan --license AAD_PREMIUM_": "AAD_PREMIUM_P2", "assess --parameters x": "hcl",
		"policy show AdminMF --catalog " + broken + " AdminMF": "", "policy show --catalog " + broken + " AdminMF": "AdminMFAV2",
	} {
		var out, stderr bytes.Buffer
		code := run(t.Context(), append([]string{"__complete"}, strings.Fields(line)...), terminal{in: strings.NewReader(""), out: &out, err: &stderr})
		var words []string
		for text := range strings.Lines(out.String()) {
			word, _, _ := strings.Cut(strings.TrimSpace(text), "\t")
			words = append(words, word)
		}
		if code != exitOK || want != "" && !slices.Contains(words, want) || want == "" && len(words) != 1 {
			t.Errorf("%s: exit code %d, %q, want %q: %s", line, code, words, want, stderr.String())
		}
	}
}

// TestCompleteConfigured completes the ids of a catalog, and the tags of a register, that posture.hcl names above the folder.
func TestCompleteConfigured(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for _, args := range [][]string{
		{"policy", "new", "OurOwnControl", "--product", "entra_id", "--kind", "attested", "--dir", "ours"},
		{"action", "tag", "AdminMFAV2", "quarter-two", "--register", "decided.hcl"},
	} {
		var out bytes.Buffer
		if code := run(t.Context(), args, terminal{in: strings.NewReader(""), out: &out, err: &out}); code != exitOK {
			t.Fatalf("%q: exit code %d: %s", args, code, &out)
		}
	}
	must.Do(t, os.WriteFile("posture.hcl", []byte("catalogs = [\"ours\"]\nregister = \"decided.hcl\"\n"), 0o600))
	must.Do(t, os.Mkdir("below", 0o700))
	t.Chdir("below")
	for line, want := range map[string]string{
		"policy show OurOwn": "OurOwnControl", "actions x --tag quar": "quarter-two",
		"policy show --config none OurOwn": ":4", "actions x --register none.hcl --tag quar": ":4",
	} {
		var out, stderr bytes.Buffer
		run(t.Context(), append([]string{"__complete"}, strings.Fields(line)...), terminal{in: strings.NewReader(""), out: &out, err: &stderr})
		if word, _, _ := strings.Cut(strings.Fields(out.String())[0], "\t"); word != want {
			t.Errorf("%s: %q, want %q: %s", line, &out, want, &stderr)
		}
	}
}

// TestShells holds that the scripts are taken by the shells that are there. bash has to be.
func TestShells(t *testing.T) {
	t.Parallel()
	for shell, check := range map[string][]string{"bash": {"-n"}, "zsh": {"-n"}, "fish": {"--no-execute"}} {
		t.Run(shell, func(t *testing.T) {
			program, err := exec.LookPath(shell)
			if err != nil && shell == "bash" && os.Getenv("CI") != "" {
				t.Fatal(err)
			}
			if err != nil {
				t.Skipf("%s is not installed: its script is NOT tried", shell)
			}
			var script bytes.Buffer
			if code := run(t.Context(), []string{"completion", shell}, terminal{out: &script, err: &script}); code != exitOK {
				t.Fatalf("exit code %d: %s", code, &script)
			}
			file := filepath.Join(t.TempDir(), "posture."+shell)
			must.Do(t, os.WriteFile(file, script.Bytes(), 0o600))
			if out, err := exec.CommandContext(t.Context(), program, append(check, file)...).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	for _, shell := range []string{"tcsh", ""} {
		var stderr bytes.Buffer
		if code := run(t.Context(), []string{"completion", shell}, terminal{out: &stderr, err: &stderr}); code != exitUsage {
			t.Errorf("%q: exit code %d: %s", shell, code, &stderr)
		}
	}
}

// TestOutputs holds that what is printed as a --format says is written to a file as --output says.
func TestOutputs(t *testing.T) {
	t.Parallel()
	for _, cmd := range tree() {
		if cmd.Flags().Lookup("format") == nil || cmd.Name() == "watch" || cmd.Parent().Name() == "config" {
			continue
		}
		if flag := cmd.Flags().Lookup("output"); flag == nil || flag.Shorthand != "o" {
			t.Errorf("%s has --format, and no -o", cmd.CommandPath())
		}
	}
}
