package diag

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/plaintext"
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

// Bounds of what is printed. HCL's printer reads a file from its beginning for each problem in it.
const (
	maxPrinted = 100       // problems
	maxLine    = 200       // characters of a line of source
	maxShown   = 128 << 10 // bytes of a file whose lines are shown
)

// Write prints the first problems with the lines of source that they point at, and how many more
// there are. A width of 0 leaves lines unwrapped.
func (p *Problems) Write(w io.Writer, width uint, color bool) error {
	for i, d := range p.Diagnostics {
		if i == maxPrinted {
			_, err := fmt.Fprintf(w, "%d more problems are not shown: correct the first ones.\n", len(p.Diagnostics)-i)
			return err
		}
		plain, err := p.print(d, width, false)
		if err != nil {
			return err
		}
		shown := escape(clipSource(plain, subject(d).Start))
		if color && shown == plain { // otherwise it could end within an escape sequence
			if shown, err = p.print(d, width, true); err != nil {
				return err
			}
		}
		if _, err := io.WriteString(w, shown); err != nil {
			return err
		}
	}
	return nil
}

// print returns one problem as text.
func (p *Problems) print(d *hcl.Diagnostic, width uint, color bool) (string, error) {
	var files map[string]*hcl.File
	if file := p.files[subject(d).Filename]; file != nil && len(file.Bytes) <= maxShown {
		files = map[string]*hcl.File{subject(d).Filename: upTo(file, d)}
	}
	var text strings.Builder
	err := hcl.NewDiagnosticTextWriter(&text, files, width, color).WriteDiagnostic(d)
	return withColumn(text.String(), subject(d)), err
}

// upTo returns the file without the lines behind those that a problem points at: HCL's printer reads
// all that it is given.
func upTo(file *hcl.File, d *hcl.Diagnostic) *hcl.File {
	end := subject(d).End.Byte
	if d.Context != nil {
		end = max(end, d.Context.End.Byte)
	}
	end = max(end, subject(d).Start.Byte+1)
	if end >= len(file.Bytes) {
		return file
	}
	shown := *file
	if line := bytes.IndexByte(file.Bytes[end:], '\n'); line >= 0 {
		shown.Bytes = file.Bytes[:end+line+1]
	}
	return &shown
}

// clipSource shortens the lines of a printed problem that show its place and its source, to what
// lies around the position.
func clipSource(text string, at hcl.Pos) string {
	lines := strings.SplitAfter(text, "\n")
	for i, line := range lines {
		number, source, ok := strings.Cut(line, ": ")
		_, err := strconv.Atoi(strings.TrimSpace(number))
		switch {
		case len(line) <= maxLine:
		case strings.HasPrefix(line, "  on "):
			lines[i] = strings.ToValidUTF8(line[:maxLine], "") + "…:\n"
		case ok && err == nil:
			characters := []rune(source)
			from := max(0, min(at.Column, len(characters))-maxLine/2)
			if from == 0 && len(characters) <= maxLine {
				continue
			}
			shown := strings.TrimSuffix(string(characters[from:min(len(characters), from+maxLine)]), "\n")
			lines[i] = number + ": … " + shown + " …\n"
		}
	}
	return strings.Join(lines, "")
}

// escape writes characters that steer a terminal, or that change the direction of writing, as in Go.
func escape(text string) string {
	steers := func(r rune) bool { return r != '\n' && r != '\t' && r != '\r' && plaintext.Steers(r) }
	if !strings.ContainsFunc(text, steers) {
		return text
	}
	var escaped strings.Builder
	for _, r := range text {
		if steers(r) {
			escaped.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		} else {
			escaped.WriteRune(r)
		}
	}
	return escaped.String()
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
