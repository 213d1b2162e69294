package fidelity_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/importer"
	"github.com/posture-score/posture/internal/importer/builtin"
	"github.com/posture-score/posture/internal/must"
)

// casesDir holds the cases, in a folder for each kind of export, and what many of them have in
// common below base.
const casesDir = "../../testdata/cases"

// now is the declared time of every case.
var now = time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)

// TestCases runs every case.
//
// Directives that make the export:
//
//	base NAME        begin with the files below testdata/cases/base/NAME
//	without FILE     leave out one of them
//	zip FILE         put all files into one archive of that name, in the folder that is assessed
//
// Directives that say what is right, CONTROL being an id:
//
//	expect CONTROL OUTCOME [N of M]       the outcome is that one (or one of several: "complete or not_applicable") with these counts
//	expect CONTROL not OUTCOME
//	expect CONTROL assessed
//	expect CONTROL at most N of M         the share of the points is no higher
//	expect-status CONTROL STATUS
//	expect-dataset DATASET STATUS [TEXT]  the dataset has that status, and its reason contains the text
//	expect-product PRODUCT                controls of the product count
//	expect-told TEXT                      the text is part of a warning, a reason of a dataset, or of what is skipped
//	none OUTCOME                          no control has that outcome ("assessed" means any that was decided)
//	no-violations                         all evidence is what its schema says
//	unnamed                               the tenant is not named
//	same                                  the score is that of the base
func TestCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(casesDir, "*", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases in %s: %v", casesDir, err)
	}
	compiled := compile(t)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.ToSlash(strings.TrimPrefix(file, filepath.Clean(casesDir)+string(filepath.Separator))), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := readCase(t, file)
			got := c.assess(t, compiled)
			for _, directive := range c.expected {
				if wrong := got.check(t, compiled, c, directive); wrong != "" {
					t.Errorf("%s: %s", strings.Join(directive, " "), wrong)
				}
			}
		})
	}
}

// testCase is one case.
type testCase struct {
	base     string
	archive  string            // its name, or "" for a folder
	files    map[string][]byte // of the export
	expected [][]string        // directives, in words
}

// readCase reads a case.
func readCase(t *testing.T, file string) testCase {
	t.Helper()
	archive := must.Get(txtar.ParseFile(file))(t)
	c := testCase{files: map[string][]byte{}}
	_, directives, found := strings.Cut(string(archive.Comment), "\n\n")
	if !found {
		t.Fatalf("%s: no directives behind the sentence that says what happened", file)
	}
	for line := range strings.Lines(directives) {
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case words[0] == "base":
			c.base = words[1]
			for name, text := range baseFiles(t, c.base) {
				c.files[name] = text
			}
		case words[0] == "without":
			delete(c.files, words[1])
		case words[0] == "zip":
			c.archive = words[1]
		default:
			c.expected = append(c.expected, words)
		}
	}
	if len(c.expected) == 0 {
		t.Fatalf("%s expects nothing", file)
	}
	for _, f := range archive.Files {
		c.files[f.Name] = f.Data
	}
	return c
}

func baseFiles(t *testing.T, name string) map[string][]byte {
	t.Helper()
	dir := filepath.Join(casesDir, "base", name)
	entries := must.Get(os.ReadDir(dir))(t)
	files := map[string][]byte{}
	for _, entry := range entries {
		files[entry.Name()] = must.Get(os.ReadFile(filepath.Join(dir, entry.Name())))(t)
	}
	return files
}

// write puts the export of a case into a folder, and returns its path; that of the file if there is
// one alone.
func (c testCase) write(t *testing.T) string {
	t.Helper()
	if text, ok := c.files["manifest.json"]; ok {
		c.files["manifest.json"] = withDigests(t, text, c.files)
	}
	dir := t.TempDir()
	if c.archive != "" {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, name := range sortedNames(c.files) {
			f := must.Get(w.Create(name))(t)
			must.Get(f.Write(c.files[name]))(t)
		}
		must.Do(t, w.Close())
		c.files = map[string][]byte{c.archive: b.Bytes()}
	}
	path := dir
	for name, text := range c.files {
		file := filepath.Join(dir, name)
		must.Do(t, os.WriteFile(file, text, 0o600))
		if len(c.files) == 1 && c.archive == "" {
			path = file
		}
	}
	return path
}

// withDigests writes the digests of files into the manifest of a bundle.
func withDigests(t *testing.T, manifest []byte, files map[string][]byte) []byte {
	t.Helper()
	var m map[string]any
	must.Do(t, json.Unmarshal(manifest, &m))
	for _, entry := range m["datasets"].([]any) {
		if dataset := entry.(map[string]any); dataset["path"] != nil {
			sum := sha256.Sum256(files[dataset["path"].(string)])
			dataset["sha256"] = hex.EncodeToString(sum[:])
		}
	}
	return must.Get(json.Marshal(m))(t)
}

// result is what came of a case.
type result struct {
	*engine.Assessment
	skipped []string
}

func (c testCase) assess(t *testing.T, compiled *engine.Engine) result {
	t.Helper()
	path := c.write(t)
	var r result
	options := importer.Options{Importers: builtin.Importers(), CollectedAt: now, Skipped: func(file, reason string) { r.skipped = append(r.skipped, file+": "+reason) }}
	bundle := must.Get(options.Open(t.Context(), path, nil))(t)
	defer func() { _ = bundle.Close() }()
	r.Assessment = must.Get(compiled.Assess(t.Context(), bundle, engine.AssessOptions{Now: now}))(t)
	if text := fmt.Sprint(r.remarks()); strings.Contains(text, os.TempDir()) {
		t.Errorf("a message shows a temporary path: %s", text)
	}
	return r
}

// remarks returns everything that the result says about the evidence.
func (r result) remarks() []string {
	list := slices.Concat(r.skipped, r.Evidence.Warnings)
	for _, dataset := range r.Evidence.Datasets {
		list = append(list, dataset.Name+": "+dataset.Reason)
	}
	return list
}

// check says what is wrong with the result, or "".
func (r result) check(t *testing.T, compiled *engine.Engine, c testCase, directive []string) string {
	t.Helper()
	rest := strings.Join(directive[1:], " ")
	switch directive[0] {
	case "expect":
		return r.checkAction(directive[1], directive[2:])
	case "expect-status":
		if a, ok := r.action(directive[1]); !ok || string(a.Status) != directive[2] {
			return fmt.Sprintf("the status is %q", a.Status)
		}
	case "expect-dataset":
		return r.checkDataset(directive[1], directive[2], strings.Join(directive[3:], " "))
	case "expect-product":
		if !slices.ContainsFunc(r.Score.Products, func(p engine.Product) bool { return p.Product == directive[1] && p.Total > 0 }) {
			return "no control of it counts"
		}
	case "expect-told":
		if !slices.ContainsFunc(r.remarks(), func(text string) bool { return strings.Contains(text, rest) }) {
			return fmt.Sprintf("nothing says so: %q", r.remarks())
		}
	case "none":
		for _, a := range r.Actions {
			if is(a, rest) {
				return brief(a)
			}
		}
	case "no-violations":
		for _, dataset := range r.Evidence.Datasets {
			if dataset.Violations > 0 || dataset.Status == engine.Failed {
				return fmt.Sprintf("%s is %s and has %d: %q", dataset.Name, dataset.Status, dataset.Violations, r.remarks())
			}
		}
	case "unnamed":
		if r.Tenant.ID != "" || r.Tenant.Name != "" {
			return fmt.Sprintf("the tenant is %+v", r.Tenant)
		}
	case "same":
		return r.sameAs(t, compiled, c.base)
	default:
		return "no such directive"
	}
	return ""
}

func (r result) sameAs(t *testing.T, compiled *engine.Engine, base string) string {
	t.Helper()
	want := testCase{files: baseFiles(t, base)}.assess(t, compiled)
	var differences []string
	for i, a := range want.Actions {
		if b := r.Actions[i]; a.Outcome != b.Outcome || a.Points != b.Points {
			differences = append(differences, brief(b)+", want "+brief(a))
		}
	}
	return strings.Join(differences, "\n")
}

func (r result) action(id string) (engine.Action, bool) {
	i := slices.IndexFunc(r.Actions, func(a engine.Action) bool { return a.ID == id })
	if i < 0 {
		return engine.Action{}, false
	}
	return r.Actions[i], true
}

func (r result) checkAction(id string, want []string) string {
	a, ok := r.action(id)
	if !ok {
		return "the catalog has no such control"
	}
	text := strings.Join(want, " ")
	switch {
	case want[0] == "not":
		if is(a, want[1]) {
			return brief(a)
		}
		return ""
	case strings.HasPrefix(text, "at most "):
		compliant, scope := counts(want[2:])
		if a.Coverage != nil && a.Coverage.Compliant*scope > compliant*a.Coverage.InScope || a.Coverage == nil && a.Points.Achieved > 0 {
			return brief(a)
		}
		return ""
	}
	outcomes, numbers := want, []string(nil)
	if len(want) > 3 && want[len(want)-2] == "of" {
		outcomes, numbers = want[:len(want)-3], want[len(want)-3:]
	}
	if !slices.ContainsFunc(outcomes, func(outcome string) bool { return is(a, outcome) }) {
		return brief(a)
	}
	if numbers != nil {
		compliant, scope := counts(numbers)
		if a.Coverage == nil || a.Coverage.Compliant != compliant || a.Coverage.InScope != scope {
			return brief(a)
		}
	}
	return ""
}

func (r result) checkDataset(name, status, text string) string {
	for _, dataset := range r.Evidence.Datasets {
		if dataset.Name == name {
			if dataset.Status != status || !strings.Contains(dataset.Reason, text) {
				return fmt.Sprintf("it is %s: %s", dataset.Status, dataset.Reason)
			}
			return ""
		}
	}
	return "nobody knows of it"
}

// is reports whether an action has an outcome; "assessed" matches each that was decided.
func is(a engine.Action, outcome string) bool {
	return string(a.Outcome) == outcome || outcome == "assessed" && a.Outcome.Assessed() && a.Outcome != engine.NotApplicable
}

// counts reads "N of M".
func counts(words []string) (compliant, scope int64) {
	compliant, _ = strconv.ParseInt(words[0], 10, 64)
	scope, _ = strconv.ParseInt(words[2], 10, 64)
	return compliant, scope
}

func brief(a engine.Action) string {
	text := fmt.Sprintf("%s is %s, %s of %s points", a.ID, a.Outcome, a.Points.Achieved, a.Points.Max)
	if a.Coverage != nil {
		text += fmt.Sprintf(", %d of %d", a.Coverage.Compliant, a.Coverage.InScope)
	}
	return fmt.Sprintf("%s %q", text, a.Reasons)
}
