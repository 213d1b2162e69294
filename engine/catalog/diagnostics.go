package catalog

import (
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/diag"
)

// Problems is everything that is wrong with a catalog, with the sources to show it in.
type Problems = diag.Problems

// collector gathers diagnostics and the files that they point into.
type collector struct {
	diags hcl.Diagnostics
	files map[string]*hcl.File
	lines map[string][]int // where the lines of files begin, by need
}

func newCollector() *collector {
	return &collector{files: map[string]*hcl.File{}, lines: map[string][]int{}}
}

func (c *collector) add(diags hcl.Diagnostics) { c.diags = append(c.diags, diags...) }

func (c *collector) errorf(at hcl.Range, summary, format string, args ...any) {
	c.diags = append(c.diags, &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: &at,
	})
}

// warnf notes what may be wrong, and keeps nothing from working.
func (c *collector) warnf(at hcl.Range, summary, format string, args ...any) {
	c.diags = append(c.diags, &hcl.Diagnostic{
		Severity: hcl.DiagWarning, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: &at,
	})
}

// rego adds the diagnostics of the Rego compiler.
func (c *collector) rego(problems []check.Diagnostic) {
	for _, p := range problems {
		c.errorf(c.span(p.Path, p.Row, p.Col, p.EndRow, p.EndCol), p.Summary, "%s", p.Detail)
	}
}

// span is the range between two places of a file.
func (c *collector) span(file string, row, column, endRow, endColumn int) hcl.Range {
	return hcl.Range{
		Filename: file,
		Start:    hcl.Pos{Line: row, Column: column, Byte: c.offset(file, row, column)},
		End:      hcl.Pos{Line: endRow, Column: endColumn, Byte: c.offset(file, endRow, endColumn)},
	}
}

// offset returns the byte offset of a line and column, which the printer of diagnostics needs.
func (c *collector) offset(file string, line, column int) int {
	if c.files[file] == nil {
		return 0
	}
	text, begins := c.files[file].Bytes, c.lines[file]
	if begins == nil {
		begins = []int{0}
		for i, b := range text {
			if b == '\n' {
				begins = append(begins, i+1)
			}
		}
		c.lines[file] = begins
	}
	offset := begins[max(0, min(line, len(begins))-1)]
	for range column - 1 { // columns count characters
		_, size := utf8.DecodeRune(text[offset:])
		offset += size
	}
	return offset
}

// problems returns what was gathered, sorted, or nil.
func (c *collector) problems() *Problems { return diag.New(c.diags, c.files) }

// err returns what was gathered as an error if any of it is one.
func (c *collector) err() error {
	if !c.diags.HasErrors() {
		return nil
	}
	return c.problems()
}
