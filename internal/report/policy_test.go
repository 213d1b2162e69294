package report

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/schemas"
)

func loadCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	source, err := catalog.Dir(filepath.Join("testdata", "catalog"))
	if err != nil {
		t.Fatal(err)
	}
	datasets, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	cat, err := catalog.Load(t.Context(), datasets, source)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

func TestControls(t *testing.T) {
	controls := loadCatalog(t).Controls()
	golden(t, "controls", func(w io.Writer) error { return Controls(w, controls, Style{}) })
	golden(t, "controls-color", func(w io.Writer) error { return Controls(w, controls, Style{Color: true}) })
	golden(t, "controls-json", func(w io.Writer) error { return ControlsJSON(w, controls) })
	golden(t, "controls-none", func(w io.Writer) error { return errors.Join(Controls(w, nil, Style{}), ControlsJSON(w, nil)) })
}

func TestControl(t *testing.T) {
	cat := loadCatalog(t)
	control, ok := cat.Control("Locks")
	if !ok {
		t.Fatal("there is no such control")
	}
	text := golden(t, "control", func(w io.Writer) error { return Control(w, cat, control, Style{}) })
	if strings.Contains(text, "\x1b") {
		t.Error("the rule can steer the terminal")
	}
	for _, id := range []string{"Bells", "Keys"} {
		control, _ := cat.Control(id)
		golden(t, "control-"+strings.ToLower(id), func(w io.Writer) error { return Control(w, cat, control, Style{}) })
	}
	golden(t, "control-narrow-color", func(w io.Writer) error { return Control(w, cat, control, Style{Color: true, Width: 72}) })
}

func TestChecked(t *testing.T) {
	var text bytes.Buffer
	if err := errors.Join(Checked(&text, 1, 0), Checked(&text, 20, 0), Checked(&text, 3, 2)); err != nil {
		t.Fatal(err)
	}
	if got := text.String(); got != "1 control, no problems\n20 controls, no problems\n3 controls, 2 warnings\n" {
		t.Errorf("got %q", got)
	}
}

// TestCompiled counts rules, of which controls may share one, and says of those that can't be compiled why.
func TestCompiled(t *testing.T) {
	controls := []*catalog.Control{
		{ID: "A", Package: "policies.shared"}, {ID: "B", Package: "policies.shared"}, {ID: "C", Package: "policies.own"}, {ID: "Signed"},
	}
	slow := []engine.Fallback{{Control: "A", Reason: "it is\x1b[2J odd"}, {Control: "B", Reason: "it is\x1b[2J odd"}}
	golden(t, "compiled", func(w io.Writer) error {
		return errors.Join(
			Compiled(w, nil, nil, Style{}), Compiled(w, controls[3:], nil, Style{}), Compiled(w, controls[2:], nil, Style{}),
			Compiled(w, controls, nil, Style{}), Compiled(w, controls, slow, Style{}),
			Compiled(w, controls, append(slow, engine.Fallback{Control: "C", Reason: "it is even"}), Style{Color: true, Width: 60}))
	})
	room := full(20)
	if err := Compiled(&room, controls, slow, Style{}); !errors.Is(err, errFull) {
		t.Errorf("on a full disk: %v", err)
	}
}

func TestTests(t *testing.T) {
	results := catalog.TestReport{Tests: []catalog.TestResult{
		{Package: "policies.a_test", Name: "test_pass", Path: "a_test.rego", Row: 3, Pass: true},
		{Package: "policies.a_test", Name: "test_fail", Path: "a_test.rego", Row: 7, Output: "looking at\n\x1b[2J\"this\"\n"},
		{Package: "policies.a_test", Name: "test_table", Path: "a_test.rego", Row: 9, Failed: []string{"one", "two\x1b"}},
		{Package: "policies.a_test", Name: "test_error", Path: "a_test.rego", Row: 12, Error: "a_test.rego:13: divide by zero"},
		{Package: "policies.a_test", Name: "todo_test_later", Path: "a_test.rego", Row: 20, Skip: true},
	}}
	covered := results
	covered.Tests = results.Tests[:1]
	covered.Coverage = &catalog.TestCoverage{
		Files: []catalog.FileCoverage{
			{Path: "a.rego", Covered: []int{3, 4, 5}, Uncovered: []int{7, 8, 9, 11}},
			{Path: "b.rego", Covered: []int{1}},
		},
		Covered: 4, Uncovered: 4,
	}
	golden(t, "tests", func(w io.Writer) error { return Tests(w, results, false, Style{}) })
	golden(t, "tests-verbose", func(w io.Writer) error { return Tests(w, results, true, Style{}) })
	golden(t, "tests-covered", func(w io.Writer) error { return Tests(w, covered, false, Style{}) })
	golden(t, "tests-none", func(w io.Writer) error { return Tests(w, catalog.TestReport{}, true, Style{}) })
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
		if got := ranges(test.numbers); got != test.want {
			t.Errorf("%v: got %q, want %q", test.numbers, got, test.want)
		}
	}
}

func TestProblems(t *testing.T) {
	source, err := catalog.Dir(filepath.Join("testdata", "broken"))
	if err != nil {
		t.Fatal(err)
	}
	datasets, err := schemas.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	_, err = catalog.Load(t.Context(), datasets, source)
	var problems *catalog.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v", err)
	}
	for _, style := range []Style{{}, {Color: true}, {Width: 60}} {
		var text bytes.Buffer
		if err := Problems(&text, problems, style); err != nil {
			t.Fatal(err)
		}
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
