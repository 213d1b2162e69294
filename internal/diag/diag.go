package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// Problems is everything that is wrong with some files, with their text to show it in.
type Problems struct {
	Diagnostics hcl.Diagnostics // sorted by file, line, column; none twice
	files       map[string]*hcl.File
}

// New returns the problems in order, or nil without any. It sorts its argument.
func New(found hcl.Diagnostics, files map[string]*hcl.File) *Problems {
	if len(found) == 0 {
		return nil
	}
	slices.SortStableFunc(found, func(a, b *hcl.Diagnostic) int {
		ra, rb := subject(a), subject(b)
		return cmp.Or(
			cmp.Compare(ra.Filename, rb.Filename), cmp.Compare(ra.Start.Line, rb.Start.Line),
			cmp.Compare(ra.Start.Column, rb.Start.Column), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	})
	// What several parts of a file refer to is reported once, where it is.
	found = slices.CompactFunc(found, func(a, b *hcl.Diagnostic) bool {
		return subject(a) == subject(b) && a.Summary == b.Summary && a.Detail == b.Detail
	})
	return &Problems{Diagnostics: found, files: files}
}

// Broken says whether any of the problems is an error, and not a warning.
func (p *Problems) Broken() bool { return p != nil && p.Diagnostics.HasErrors() }

// Error returns one line per problem.
func (p *Problems) Error() string {
	lines := make([]string, len(p.Diagnostics))
	for i, d := range p.Diagnostics {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Write prints the problems with the lines of source that they point at. A width of 0 leaves lines
// unwrapped.
func (p *Problems) Write(w io.Writer, width uint, color bool) error {
	var text bytes.Buffer
	for _, d := range p.Diagnostics {
		text.Reset()
		if err := hcl.NewDiagnosticTextWriter(&text, p.files, width, color).WriteDiagnostic(d); err != nil {
			return err
		}
		if _, err := io.WriteString(w, withColumn(text.String(), subject(d))); err != nil {
			return err
		}
	}
	return nil
}

// withColumn adds the column to the place of a printed problem, which HCL's printer leaves out
// where it can't underline.
func withColumn(text string, at hcl.Range) string {
	place := fmt.Sprintf("on %s line %d", at.Filename, at.Start.Line)
	return strings.Replace(text, place, fmt.Sprintf("%s, column %d", place, at.Start.Column), 1)
}

func subject(d *hcl.Diagnostic) hcl.Range {
	if d.Subject == nil {
		return hcl.Range{}
	}
	return *d.Subject
}
