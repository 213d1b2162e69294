package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/hcledit"
	"github.com/posture-score/posture/internal/must"
)

func of(text string) *string { return &text }

func ada() Author {
	return Author{Name: "Ada <ada@contoso.example>", Time: time.Date(2026, 10, 1, 8, 0, 0, 999, time.FixedZone("", 7200))}
}

// edits are what the goldens of testdata/edits do, by name.
func edits() map[string]func(*Editor) error {
	return map[string]func(*Editor) error{
		"zones":   func(d *Editor) error { return d.SetZones(&Zones{Good: 85_00, Okay: 60_50}) },
		"nozones": func(d *Editor) error { return d.SetZones(nil) },
		"goal": func(d *Editor) error {
			return d.SetGoal(&Goal{Percent: 90_00, By: time.Date(2027, 6, 30, 0, 0, 0, 0, time.UTC)})
		},
		"open":   func(d *Editor) error { return d.SetGoal(&Goal{Percent: 90_00}) },
		"nogoal": func(d *Editor) error { return d.SetGoal(nil) },
		"comparison": func(d *Editor) error {
			return d.SetComparison(&ComparisonFields{Name: of(`All "${tenants}"`), Benchmark: of(Microsoft), Cohort: of("")})
		},
		"cohort":       func(d *Editor) error { return d.SetComparison(&ComparisonFields{Cohort: of("seats-1000")}) },
		"nocomparison": func(d *Editor) error { return d.SetComparison(nil) },
		"nothing": func(d *Editor) error {
			if d.Settings().Zones == nil {
				return nil
			}
			return d.SetZones(d.Settings().Zones)
		},
	}
}

// TestEdits holds every edit against testdata/edits/*.txtar: before.hcl, and EDIT.hcl for what it becomes.
func TestEdits(t *testing.T) {
	t.Parallel()
	names := must.Get(filepath.Glob(filepath.Join("testdata", "edits", "*.txtar")))(t)
	if len(names) == 0 {
		t.Fatal("no edits")
	}
	for _, name := range names {
		archive := must.Get(txtar.ParseFile(name))(t)
		before := archive.Files[0]
		got := &txtar.Archive{Comment: archive.Comment, Files: []txtar.File{before}}
		for _, file := range archive.Files[1:] {
			got.Files = append(got.Files, txtar.File{Name: file.Name, Data: edited(t, before.Data, file.Name)})
		}
		if *update {
			must.Do(t, os.WriteFile(name, txtar.Format(got), 0o600))
			continue
		}
		expect.Equalf(t, string(txtar.Format(archive)), string(txtar.Format(got)), "%s", name)
	}
}

func edited(t *testing.T, src []byte, name string) []byte {
	t.Helper()
	edit := edits()[strings.TrimSuffix(name, ".hcl")]
	if edit == nil {
		t.Fatalf("no edit %s", name)
	}
	editor := must.Get(NewEditor(Name, src))(t)
	editor.By(ada())
	must.Do(t, edit(editor))
	if _, err := Read(name, editor.Text()); err != nil {
		t.Errorf("%s: %v\n%s", name, err, editor.Text())
	}
	return editor.Text()
}

// FuzzEdit makes one edit to any settings: the result says the same of everything else.
func FuzzEdit(f *testing.F) {
	for _, name := range must.Get(filepath.Glob(filepath.Join("testdata", "edits", "*.txtar")))(f) {
		f.Add(must.Get(txtar.ParseFile(name))(f).Files[0].Data)
	}
	f.Add([]byte(whole))
	f.Fuzz(func(t *testing.T, src []byte) {
		before, err := Read(Name, src)
		if err != nil {
			return
		}
		for name, edit := range edits() {
			editor, err := NewEditor(Name, src)
			if err != nil {
				t.Fatalf("%v\n%s", err, src) // a newline at its end is all that is added to it
			}
			editor.By(ada())
			must.Do(t, edit(editor))
			after, err := Read(Name, editor.Text())
			if err != nil {
				if name == "cohort" && before.Comparison == nil || strings.Contains(err.Error(), "too ") {
					continue // a cohort of no benchmark
				}
				t.Fatalf("%s: %v\n%s\n---\n%s", name, err, src, editor.Text())
			}
			for _, block := range []string{BlockZones, BlockGoal, BlockComparison} {
				touched := strings.Contains(name, block) || block == BlockGoal && name == "open" || block == BlockComparison && name == "cohort"
				if !touched && before.Version(block) != after.Version(block) {
					t.Errorf("%s changed the block %s:\n%s\n---\n%s", name, block, src, editor.Text())
				}
			}
			expect.Equalf(t, before.Organization, after.Organization, "%s", name)
			expect.Equalf(t, before.Store+before.Keep.String(), after.Store+after.Keep.String(), "%s", name)
		}
	})
}

// Settings that are not there are made, and undoing that removes them.
func TestEditMakesTheFile(t *testing.T) {
	t.Parallel()
	path := Beside(filepath.Join(t.TempDir(), "register.hcl"))
	must.Do(t, Edit(t.Context(), path, func(d *Editor) error {
		d.By(ada())
		return errors.Join(d.Expect(BlockZones, ""), edits()["zones"](d))
	}))
	s := must.Get(Open(path))(t)
	expect.Equal(t, &Zones{Good: 85_00, Okay: 60_50}, s.Zones)
	expect.Equal(t, map[string]Change{BlockZones: {By: "Ada <ada@contoso.example>", At: time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)}}, s.Changes)
	text := must.Get(os.ReadFile(path))(t)
	if _, err := Undo(t.Context(), path, "of another change"); !errors.Is(err, hcledit.ErrChanged) {
		t.Errorf("another change was taken back: %v", err)
	}
	expect.Equal(t, "Ada <ada@contoso.example>", must.Get(Undo(t.Context(), path, hcledit.Version(text)))(t).Name)
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file is still there: %v", err)
	}
}

// What would be no settings is not written.
func TestEditRefused(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), Name)
	must.Do(t, os.WriteFile(path, []byte(whole), 0o600))
	for want, edit := range map[string]func(*Editor) error{
		"has to begin below good": func(d *Editor) error { return d.SetZones(&Zones{Good: 50_00, Okay: 50_00}) },
		"a percentage":            func(d *Editor) error { return d.SetGoal(&Goal{Percent: 100_01}) },
		"years":                   func(d *Editor) error { return d.SetGoal(&Goal{Percent: -1}) },
		"steers a terminal":       func(d *Editor) error { return d.SetComparison(&ComparisonFields{Name: of("\u202eelif")}) },
		"Missing benchmark":       func(d *Editor) error { return d.SetComparison(&ComparisonFields{Benchmark: of("")}) },
		"Invalid cohort":          func(d *Editor) error { return d.SetComparison(&ComparisonFields{Cohort: of("a\"\n}")}) },
	} {
		err := Edit(t.Context(), path, edit)
		var refused *hcledit.RefusedError
		if !errors.As(err, &refused) || want != "years" && !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		expect.Equal(t, whole, string(must.Get(os.ReadFile(path))(t)))
	}
}

// Two write at once what both have seen: one gets through, and the other gets what it wrote. Other blocks are in nobody's way.
func TestConcurrentWriters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), Name)
	must.Do(t, os.WriteFile(path, []byte(whole), 0o600))
	seen := must.Get(Open(path))(t)
	var group sync.WaitGroup
	results := make(chan error, 4)
	for i := range 4 {
		group.Go(func() {
			results <- Edit(t.Context(), path, func(d *Editor) error {
				d.By(Author{Name: fmt.Sprint("writer ", i), Time: ada().Time})
				if i == 3 {
					return errors.Join(d.Expect(BlockGoal, seen.Version(BlockGoal)), d.SetGoal(nil))
				}
				if err := d.Expect(BlockZones, seen.Version(BlockZones)); err != nil {
					return err
				}
				return d.SetZones(&Zones{Good: 90_00, Okay: 10_00})
			})
		})
	}
	group.Wait()
	close(results)
	lost := 0
	for err := range results {
		var conflict *ConflictError
		switch {
		case errors.As(err, &conflict):
			lost++
			expect.Equal(t, Zones{Good: 90_00, Okay: 10_00}, *conflict.Settings.Zones)
			if !strings.Contains(err.Error(), "by writer ") || !errors.Is(err, hcledit.ErrChanged) {
				t.Error(err)
			}
		case err != nil:
			t.Error(err)
		}
	}
	expect.Equalf(t, 2, lost, "writers who came too late")
}
