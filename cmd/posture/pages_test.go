package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/posture-score/posture/internal/must"
)

// block is a block of code in a page: a file to write, or commands with what they print.
var block = regexp.MustCompile("(?ms)^```(?:\\w+ file=(\\S+)|console)\n(.*?)^```$")

// TestDatasetsPage does what docs/datasets.md says, in its order: its files are written, and its commands print what it shows. A line
// "..." stands for any lines.
func TestDatasetsPage(t *testing.T) {
	page := must.Get(os.ReadFile(filepath.Join("..", "..", "docs", "datasets.md")))(t)
	t.Chdir(t.TempDir())
	commands := 0
	for _, found := range block.FindAllStringSubmatch(string(page), -1) {
		name, text := found[1], found[2]
		if name != "" {
			must.Do(t, os.MkdirAll(filepath.Dir(name), 0o755))
			must.Do(t, os.WriteFile(name, []byte(text), 0o644))
			continue
		}
		for _, shown := range strings.Split("\n"+text, "\n$ posture ")[1:] {
			command, want, _ := strings.Cut(shown, "\n")
			var out, errs bytes.Buffer
			code := run(t.Context(), words(command), terminal{in: strings.NewReader(""), out: &out, err: &errs})
			if code != exitOK || errs.Len() > 0 {
				t.Fatalf("posture %s: exit code %d: %s", command, code, errs.String())
			}
			if !printed(out.String(), strings.TrimSuffix(want, "\n")+"\n") {
				t.Errorf("posture %s (-shown +printed):\n%s", command, cmp.Diff(want, out.String()))
			}
			commands++
		}
	}
	if commands < 9 {
		t.Errorf("the page has %d commands", commands)
	}
}

// TestHistoryPage runs the commands of docs/history.md in their order, so that each does what the page is about with what those before it
// left. HASH stands for the head that was shown last.
func TestHistoryPage(t *testing.T) {
	page := must.Get(os.ReadFile(filepath.Join("..", "..", "docs", "history.md")))(t)
	samples := must.Get(filepath.Abs(filepath.Join("..", "..", "testdata")))(t)
	t.Chdir(t.TempDir())
	must.Do(t, os.Symlink(samples, "testdata"))
	head, commands := "", map[string]bool{}
	for _, found := range block.FindAllStringSubmatch(string(page), -1) {
		name, text := found[1], found[2]
		if name != "" {
			must.Do(t, os.WriteFile(name, []byte(text), 0o644))
			continue
		}
		for line := range strings.Lines(text) {
			command, ours := strings.CutPrefix(strings.TrimSpace(line), "$ posture ")
			if !ours {
				continue
			}
			var out, errs bytes.Buffer
			code := run(t.Context(), words(strings.ReplaceAll(command, "HASH", head)), terminal{in: strings.NewReader(""), out: &out, err: &errs})
			if code != exitOK {
				t.Errorf("posture %s: exit code %d: %s", command, code, errs.String())
			}
			if shown := headLine.FindStringSubmatch(out.String()); shown != nil {
				head = shown[1]
			}
			commands[strings.Join(words(command)[:min(2, len(words(command)))], " ")] = true
		}
	}
	for _, command := range []string{
		"history list", "history show", "history verify", "history export", "history import", "history prune",
		"diff 1", "diff 2026-09-17", "benchmark show", "export graph",
	} {
		if !commands[command] {
			t.Errorf("the page does not run posture %s", command)
		}
	}
}

// headLine is a head as 'posture history verify' shows it.
var headLine = regexp.MustCompile("(?m)^  head  ([0-9a-f]{64})$")

// printed reports whether a text is what a page shows of it.
func printed(text, shown string) bool {
	parts := strings.Split(shown, "...\n")
	for i, part := range parts {
		at := strings.Index(text, part)
		if at < 0 || i == 0 && at > 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return text == "" || strings.HasSuffix(shown, "...\n")
}
