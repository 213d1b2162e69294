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
