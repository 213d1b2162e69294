package report

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

func loadCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	source := must.Get(catalog.Dir(filepath.Join("testdata", "catalog")))(t)
	datasets := must.Get(schemas.Builtin())(t)
	return must.Get(catalog.Load(t.Context(), datasets, source))(t)
}

func TestControls(t *testing.T) {
	controls := loadCatalog(t).Controls()
	golden(t, "controls", "table", Style{}, Controls{controls})
	golden(t, "controls-color", "table", Style{Color: true}, Controls{controls})
	golden(t, "controls-json", "json", Style{}, Controls{controls})
	golden(t, "controls-none", "table", Style{}, Controls{})
	golden(t, "controls-none-json", "json", Style{}, Controls{})
}

func TestControl(t *testing.T) {
	cat := loadCatalog(t)
	control, ok := cat.Control("Locks")
	if !ok {
		t.Fatal("there is no such control")
	}
	text := golden(t, "control", "text", Style{}, Control{cat, control})
	if strings.Contains(text, "\x1b") {
		t.Error("the rule can steer the terminal")
	}
	for _, id := range []string{"Bells", "Keys"} {
		control, _ := cat.Control(id)
		golden(t, "control-"+strings.ToLower(id), "text", Style{}, Control{cat, control})
	}
	golden(t, "control-narrow-color", "text", Style{Color: true, Width: 72}, Control{cat, control})
	golden(t, "control-json", "json", Style{}, Control{cat, control})
}

func TestVersion(t *testing.T) {
	page := Version{Version: "v1.2.3", Commit: "0123456789abcdef", Modified: true, Go: "go1.26.0", Catalog: loadCatalog(t)}
	golden(t, "version", "text", Style{Width: 60}, page, Version{Version: "dev", Go: "go1.26.0", Catalog: page.Catalog})
	golden(t, "version-json", "json", Style{}, page)
}

// TestCompiled counts rules, of which controls may share one, and says of those that can't be compiled why.
func TestCompiled(t *testing.T) {
	controls := []*catalog.Control{
		{ID: "A", Package: "policies.shared"}, {ID: "B", Package: "policies.shared"}, {ID: "C", Package: "policies.own"}, {ID: "Signed"},
	}
	slow := []engine.Fallback{{Control: "A", Reason: "it is\x1b[2J odd"}, {Control: "B", Reason: "it is\x1b[2J odd"}}
	var pages []Page
	for _, page := range []Check{
		{},
		{Controls: controls[3:]},
		{Controls: controls[2:]},
		{Controls: controls},
		{Controls: controls, Fallbacks: slow},
		{Controls: controls, Fallbacks: append(slow, engine.Fallback{Control: "C", Reason: "it is even"})},
	} {
		page.Compiled = true
		pages = append(pages, page)
	}
	golden(t, "compiled", "table", Style{}, pages...)
	golden(t, "compiled-color", "table", Style{Color: true, Width: 60}, pages[5])
	golden(t, "compiled-json", "json", Style{}, pages[4])
	room := full(20)
	if err := Write(&room, pages[4], "table", Style{}); !errors.Is(err, errFull) {
		t.Errorf("on a full disk: %v", err)
	}
}

// tested is a run of tests in which everything happens.
func tested() catalog.TestReport {
	return catalog.TestReport{Tests: []catalog.TestResult{
		{Package: "policies.a_test", Name: "test_pass", Path: "a_test.rego", Row: 3, Pass: true},
		{Package: "policies.a_test", Name: "test_fail", Path: "a_test.rego", Row: 7, Output: "looking at\n\x1b[2J\"this\"\n"},
		{Package: "policies.a_test", Name: "test_table", Path: "a_test.rego", Row: 9, Failed: []string{"one", "two\x1b"}},
		{Package: "policies.a_test", Name: "test_error", Path: "a_test.rego", Row: 12, Error: "a_test.rego:13: divide by zero"},
		{Package: "policies.a_test", Name: "todo_test_later", Path: "a_test.rego", Row: 20, Skip: true},
	}}
}

func TestTests(t *testing.T) {
	results := tested()
	covered := results
	covered.Tests = results.Tests[:1]
	covered.Coverage = &catalog.TestCoverage{
		Files: []catalog.FileCoverage{
			{Path: "a.rego", Covered: []int{3, 4, 5}, Uncovered: []int{7, 8, 9, 11}},
			{Path: "b.rego", Covered: []int{1}},
		},
		Covered: 4, Uncovered: 4,
	}
	golden(t, "tests", "table", Style{}, Tests{Report: results})
	golden(t, "tests-verbose", "table", Style{}, Tests{Report: results, Verbose: true})
	golden(t, "tests-covered", "table", Style{}, Tests{Report: covered})
	golden(t, "tests-json", "json", Style{}, Tests{Report: results})
	golden(t, "tests-covered-json", "json", Style{}, Tests{Report: covered})
	golden(t, "tests-none", "table", Style{}, Tests{Verbose: true})
}

func TestRanges(t *testing.T) {
	for _, test := range []struct {
		numbers []int
		want    string
	}{
		{nil, ""},
		{[]int{4}, "4"},
		{[]int{1, 2}, "1-2"},
		{[]int{1, 2, 3, 7}, "1-3, 7"},
		{[]int{1, 3, 5, 6, 9}, "1, 3, 5-6, 9"},
	} {
		expect.Equalf(t, test.want, ranges(test.numbers), "%v", test.numbers)
	}
}

// loadProblems returns what is wrong with testdata/broken.
func loadProblems(t *testing.T) *catalog.Problems {
	t.Helper()
	source, err := catalog.Dir(filepath.Join("testdata", "broken"))
	must.Do(t, err)
	datasets := must.Get(schemas.Builtin())(t)
	_, err = catalog.Load(t.Context(), datasets, source)
	var problems *catalog.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	return problems
}

func TestProblems(t *testing.T) {
	problems := loadProblems(t)
	for _, style := range []Style{{}, {Color: true}, {Width: 60}} {
		var text bytes.Buffer
		must.Do(t, Problems(&text, problems, style))
		if got := text.String(); !strings.Contains(got, "testdata/broken/odd.hcl line 1") || strings.Contains(got, "\x1b") {
			t.Errorf("got %q", got)
		}
	}
}

func TestMessage(t *testing.T) {
	var text bytes.Buffer
	Message(&text, "skipped %s: %v", "a\x1b[2Jb", errors.New("one\ntwo"))
	if got, want := text.String(), "posture: skipped a [2Jb: one\ntwo\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
