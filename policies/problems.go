package policies

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/policies/rule"
)

// Problems is everything that is wrong with a catalog, with the sources to show it in.
type Problems struct {
	Diagnostics hcl.Diagnostics // sorted by file, line, column
	files       map[string]*hcl.File
}

// Error returns one line per problem.
func (p *Problems) Error() string {
	lines := make([]string, len(p.Diagnostics))
	for i, d := range p.Diagnostics {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Write prints the problems with the lines of source that they point at. A width of 0 leaves lines unwrapped.
func (p *Problems) Write(w io.Writer, width uint, color bool) error {
	return hcl.NewDiagnosticTextWriter(w, p.files, width, color).WriteDiagnostics(p.Diagnostics)
}

// collector gathers diagnostics and the files that they point into.
type collector struct {
	diags hcl.Diagnostics
	files map[string]*hcl.File
}

func newCollector() *collector { return &collector{files: map[string]*hcl.File{}} }

func (c *collector) add(diags hcl.Diagnostics) { c.diags = append(c.diags, diags...) }

func (c *collector) errorf(at hcl.Range, summary, format string, args ...any) {
	c.diags = append(c.diags, &hcl.Diagnostic{
		Severity: hcl.DiagError, Summary: summary, Detail: fmt.Sprintf(format, args...), Subject: &at,
	})
}

// rego takes over what the Rego compiler found.
func (c *collector) rego(problems []rule.Problem) {
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

// offset is the byte at which a line and column stand, as the printer of diagnostics needs it.
func (c *collector) offset(file string, line, column int) int {
	if c.files[file] == nil {
		return 0
	}
	text, offset := c.files[file].Bytes, 0
	for range line - 1 {
		next := slices.Index(text[offset:], '\n')
		if next < 0 {
			break
		}
		offset += next + 1
	}
	for range column - 1 { // columns count characters
		_, size := utf8.DecodeRune(text[offset:])
		offset += size
	}
	return offset
}

// problems returns what was gathered, sorted, or nil.
func (c *collector) problems() *Problems {
	if len(c.diags) == 0 {
		return nil
	}
	slices.SortStableFunc(c.diags, func(a, b *hcl.Diagnostic) int {
		ra, rb := subject(a), subject(b)
		return cmp.Or(
			cmp.Compare(ra.Filename, rb.Filename), cmp.Compare(ra.Start.Line, rb.Start.Line),
			cmp.Compare(ra.Start.Column, rb.Start.Column), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	})
	// What a family's controls take from the defaults of their file is wrong in one place, however many there are.
	c.diags = slices.CompactFunc(c.diags, func(a, b *hcl.Diagnostic) bool {
		return subject(a) == subject(b) && a.Summary == b.Summary && a.Detail == b.Detail
	})
	return &Problems{Diagnostics: c.diags, files: c.files}
}

// err returns what was gathered as an error if any of it is one.
func (c *collector) err() error {
	if !c.diags.HasErrors() {
		return nil
	}
	return c.problems()
}

func subject(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}
