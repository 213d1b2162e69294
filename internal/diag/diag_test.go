package diag_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/diag"
	"github.com/posture-score/posture/internal/expect"
)

func at(file string, line, column int) *hcl.Range {
	pos := hcl.Pos{Line: line, Column: column}
	return &hcl.Range{Filename: file, Start: pos, End: pos}
}

func TestNew(t *testing.T) {
	found := hcl.Diagnostics{
		{Severity: hcl.DiagError, Summary: "Late", Detail: "d", Subject: at("b.hcl", 1, 1)},
		{Severity: hcl.DiagError, Summary: "Twice", Detail: "d", Subject: at("a.hcl", 9, 3)},
		{Severity: hcl.DiagError, Summary: "Twice", Detail: "d", Subject: at("a.hcl", 9, 3)},
		{Severity: hcl.DiagError, Summary: "Early", Detail: "d", Subject: at("a.hcl", 9, 1)},
		{Severity: hcl.DiagError, Summary: "Nowhere", Detail: "d"},
	}
	want := []string{"Nowhere", "Early", "Twice", "Late"}
	var got []string
	for _, d := range diag.New(found, nil).Diagnostics {
		got = append(got, d.Summary)
	}
	expect.Equalf(t, want, got, "order")
	if p := diag.New(nil, nil); p != nil {
		t.Errorf("no diagnostics make %v", p)
	}
}

// Neither many problems nor long lines make much output.
func TestWriteIsBounded(t *testing.T) {
	source := []byte(strings.Repeat("é", 5_000) + "here" + strings.Repeat("z", 5_000) + "\n")
	start := hcl.Pos{Line: 1, Column: 5_001, Byte: 10_000}
	var found hcl.Diagnostics
	for i := range 1000 {
		found = append(found, &hcl.Diagnostic{Severity: hcl.DiagError, Summary: fmt.Sprint("Problem ", i), Subject: &hcl.Range{Filename: "a.json", Start: start, End: start}})
	}
	for _, color := range []bool{false, true} {
		var text strings.Builder
		if err := diag.New(found, map[string]*hcl.File{"a.json": {Bytes: source}}).Write(&text, 0, color); err != nil {
			t.Fatal(err)
		}
		if got := text.String(); len(got) > 100_000 || strings.Count(got, "éhere") != 100 || !strings.HasSuffix(got, "900 more problems are not shown: correct the first ones.\n") {
			t.Errorf("color %v: %d bytes: %.900s", color, len(got), got)
		}
	}
}

// Problems show the line that they are about.
func Example() {
	file := &hcl.File{Bytes: []byte("status = \"planed\"\n")}
	problems := diag.New(hcl.Diagnostics{{
		Severity: hcl.DiagError, Summary: "Invalid status", Detail: "Did you mean planned?",
		Subject: &hcl.Range{Filename: "r.hcl", Start: hcl.Pos{Line: 1, Column: 10, Byte: 9}, End: hcl.Pos{Line: 1, Column: 18, Byte: 17}},
	}}, map[string]*hcl.File{"r.hcl": file})
	if err := problems.Write(os.Stdout, 0, false); err != nil {
		fmt.Println(err)
	}
	// Output:
	// Error: Invalid status
	//
	//   on r.hcl line 1, column 10:
	//    1: status = "planed"
	//
	// Did you mean planned?
}

// What is printed of a problem reads no more of its file than lies before the end of its lines.
func TestWriteReadsNoFurther(t *testing.T) {
	write := func(lines int) float64 {
		file := &hcl.File{Bytes: []byte(strings.Repeat("a line\n", lines))}
		at := hcl.Range{Filename: "a.hcl", Start: hcl.Pos{Line: 2, Column: 3, Byte: 9}, End: hcl.Pos{Line: 2, Column: 7, Byte: 13}}
		problems := diag.New(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Wrong", Subject: &at}}, map[string]*hcl.File{"a.hcl": file})
		return testing.AllocsPerRun(5, func() {
			var text strings.Builder
			if err := problems.Write(&text, 0, false); err != nil || !strings.Contains(text.String(), "   2: a line\n") {
				t.Fatalf("%v, %s", err, text.String())
			}
		})
	}
	expect.Equalf(t, write(2), write(10_000), "allocations")
}

// A line of source is cut to what lies around the position, and nothing of it steers a terminal.
func TestForeignLine(t *testing.T) {
	line := strings.Repeat("x", 1_000_000) + "\x1b[31m\u202ey" + strings.Repeat("z", 1_000)
	for _, text := range []string{"a = \x1b[31m\u202ey\n", strings.Repeat("x", 50_000) + "\x1b[31m\u202ey" + strings.Repeat("z", 1_000), line} {
		column := max(strings.IndexByte(text, 0x1b), 0) + 1
		where := at("a.hcl", 1, column)
		where.Start.Byte, where.End.Byte = column-1, column-1
		problems := diag.New(hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Wrong", Detail: "\u202eIt is.", Subject: where}},
			map[string]*hcl.File{"a.hcl": {Bytes: []byte(text)}})
		for _, color := range []bool{false, true} {
			var shown strings.Builder
			if err := problems.Write(&shown, 80, color); err != nil {
				t.Error(err)
			}
			if strings.ContainsAny(shown.String(), "\x1b\u202e") || len(shown.String()) > 400 {
				t.Errorf("%d bytes are shown: %.500q", len(shown.String()), shown.String())
			}
		}
	}
}
