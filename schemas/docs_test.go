package schemas

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the table of datasets into docs/evidence.md")

// The table in the user's reference says what the schemas say.
func TestReferenceIsFresh(t *testing.T) {
	const file, begin, end = "../docs/evidence.md", "<!-- datasets: written by `go test ./schemas -update` -->\n", "<!-- end of datasets -->"
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, opened := strings.Cut(string(raw), begin)
	got, after, closed := strings.Cut(rest, end)
	if !opened || !closed {
		t.Fatalf("%s has lost the marks around its table of datasets", file)
	}
	want := "\n" + table(builtin(t)) + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+want+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s is stale; run go test ./schemas -update (-want +got):\n%s", file, diff)
	}
}

// The manifest that the reference shows is one.
func TestReferenceShowsAManifest(t *testing.T) {
	raw, err := os.ReadFile("../docs/evidence.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(raw), "```json\n")
	example, _, _ := strings.Cut(rest, "```")
	if found := Validate("manifest", decode(t, example)); found != nil {
		t.Errorf("violations: %v", found)
	}
}

func table(registry *Registry) string {
	var text strings.Builder
	text.WriteString("| dataset | kind | key | what | where from | permission |\n|---|---|---|---|---|---|\n")
	for _, name := range registry.Names() {
		dataset, _ := registry.Dataset(name)
		key := ""
		if dataset.Key != "" {
			key = "`" + dataset.Key + "`"
		}
		var sources, permissions []string
		for _, source := range dataset.Sources {
			place := source.Endpoint
			if strings.HasPrefix(place, "GET ") || place == "" {
				place = "`" + place + source.Cmdlet + "`"
			}
			sources = append(sources, place)
			if last := len(permissions) - 1; source.Permission != "" && (last < 0 || permissions[last] != source.Permission) {
				permissions = append(permissions, source.Permission)
			}
		}
		path := "../schemas/evidence/" + strings.ReplaceAll(name, ".", "/") + ".json"
		fmt.Fprintf(&text, "| [%s](%s) | %s | %s | %s | %s | %s |\n",
			name, path, dataset.Kind, key, dataset.Description, strings.Join(sources, "<br>"), strings.Join(permissions, "<br>"))
	}
	return text.String()
}
