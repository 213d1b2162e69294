package catalog_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestDiagnostics shows what is said of every kind of mistake: as an error, with columns, and as
// printed for people. Each archive is a broken catalog; one whose comment says "two sources" holds
// two, in the folders ours and theirs. Run with -update to write what is printed into the archives.
func TestDiagnostics(t *testing.T) {
	names, err := filepath.Glob("testdata/diagnostics/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(name)
			must.Do(t, err)
			sources := []catalog.Source{source(t, "ours", archived(archive, ""))}
			if bytes.Contains(archive.Comment, []byte("two sources")) {
				sources = []catalog.Source{
					source(t, "ours", archived(archive, "ours/")), source(t, "theirs", archived(archive, "theirs/")),
				}
			}
			cat, err := load(t, sources...)
			if err == nil {
				t.Fatalf("loaded %d controls", len(cat.Controls()))
			}
			compare(t, name, archive, err.Error()+"\n\n"+printed(t, err))
		})
	}
}

// compare holds what was printed against the last file of the archive, or writes it there.
func compare(t *testing.T, name string, archive *txtar.Archive, got string) {
	t.Helper()
	last := len(archive.Files) - 1
	if archive.Files[last].Name != "want" {
		archive.Files = append(archive.Files, txtar.File{Name: "want"})
		last++
	}
	if *update {
		archive.Files[last].Data = []byte(got)
		must.Do(t, os.WriteFile(name, txtar.Format(archive), 0o644))
		return
	}
	expect.Equalf(t, string(archive.Files[last].Data), got, "printed")
}
