package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
)

// TestConfigurationPage reads the example of docs/configuration.md, which has to have every option, and holds its table to the options.
func TestConfigurationPage(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "docs", "configuration.md")
	text := string(must.Get(os.ReadFile(path))(t))
	_, example, _ := strings.Cut(text, "```hcl\n")
	example, _, _ = strings.Cut(example, "```")
	s := must.Get(settings.Read(settings.Name, []byte(example)))(t)
	for _, o := range settings.Options() {
		if _, ok := s.Values[o.Name]; !ok {
			t.Errorf("the example of %s lacks %s", path, o.Name)
		}
	}

	const begin, end = "<!-- options: written by a test; make update rewrites it -->\n", "<!-- end of options -->\n"
	before, rest, found := strings.Cut(text, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s lacks the marks of the table", path)
	}
	want := before + begin + optionTable() + end + after
	if *update {
		must.Do(t, os.WriteFile(path, []byte(want), 0o644))
		return
	}
	expect.Equalf(t, want, text, "%s is stale: run make update", path)
}

// optionTable returns the table of options, and of the other variables.
func optionTable() string {
	var table strings.Builder
	table.WriteString("\n| in posture.hcl | flag | variable | |\n|---|---|---|---|\n")
	code := func(text string) string {
		if text == "" {
			return ""
		}
		return "`" + text + "`"
	}
	for _, o := range settings.Options() {
		doc := strings.ToUpper(o.Doc[:1]) + o.Doc[1:]
		if o.Default != "" {
			doc += " (default: " + o.Default + ")"
		}
		flag := o.Flag
		if flag != "" {
			flag = "--" + flag
		}
		fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", code(o.Name), code(flag), code(o.Variable), doc)
	}
	fmt.Fprintf(&table, "| | `--%s` | %s | The file itself; `%s` for no file |\n", configFlag, code(settings.FileVariable), settings.None)
	secrets := secretVariables()
	for i, name := range secrets {
		secrets[i] = code(name)
	}
	fmt.Fprintf(&table, "\nSecrets are no settings. These variables hold some: %s.\n\n", strings.Join(secrets, ", "))
	return table.String()
}
