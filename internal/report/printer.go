package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Style says how text for people is written.
type Style struct {
	Color bool // ANSI colors
	ASCII bool // no character of ours beyond ASCII; foreign text stays as it is
	Wide  bool // tables as wide as what they hold
	Width int  // columns of the terminal; 0 means none: text wraps at 120, so that pipes and files get the same bytes everywhere
}

func (s Style) columns() int {
	if s.Width <= 0 {
		return 120
	}
	return max(s.Width, 60)
}

func (s Style) paint(code, text string) string {
	if !s.Color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s Style) bold(text string) string  { return s.paint("1", text) }
func (s Style) faint(text string) string { return s.paint("2", text) }

// printer writes lines and keeps the first error.
type printer struct {
	Style
	w   io.Writer
	err error
}

func (p *printer) printf(format string, args ...any) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, p.glyphs(fmt.Sprintf(format, args...)))
	}
}

// write runs a function that prints, and returns the first error of the stream.
func write(w io.Writer, style Style, body func(*printer)) error {
	p := &printer{Style: style, w: w}
	body(p)
	return p.err
}

// clean returns foreign text that is safe to print on a terminal: line breaks, and control characters, which could move the cursor
// or recolor the screen, become spaces.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) && r != utf8.RuneError {
			return ' '
		}
		return r
	}, text)
}

// lines returns foreign text of several lines that is safe to print; tabs stay.
func lines(text string) string {
	var safe strings.Builder
	for line := range strings.Lines(text) {
		content, end := strings.CutSuffix(line, "\n")
		for i, part := range strings.Split(content, "\t") {
			if i > 0 {
				safe.WriteByte('\t')
			}
			safe.WriteString(clean(part))
		}
		if end {
			safe.WriteByte('\n')
		}
	}
	return safe.String()
}

// columns returns the width of text on a terminal: wide East Asian characters take two columns, combining marks none.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// clip returns text cut to a number of columns, with an ellipsis.
func clip(text string, most int) string {
	if columns(text) <= most {
		return text
	}
	return beginning(text, most-1) + "…"
}

// shorten returns the first characters of a text, so many at most. Unlike clip it counts those that have no width.
func shorten(text string, most int) string {
	if len(text) <= most {
		return text
	}
	count := 0
	last := 0 // the byte where the last character begins that is left if the text is too long
	for i := range text {
		if count++; count == most {
			last = i
		}
		if count > most {
			return text[:last] + "…"
		}
	}
	return text
}

// wrap returns text as lines of at most so many columns, broken at spaces. A longer word is broken at the end of the line.
func wrap(text string, most int) []string {
	var list []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && columns(line)+1+columns(word) <= most {
			line += " " + word
			continue
		}
		if line != "" {
			list = append(list, line)
		}
		for columns(word) > most {
			head := cut(word, most)
			list, word = append(list, head), word[len(head):]
		}
		line = word
	}
	if line != "" || len(list) == 0 {
		list = append(list, line)
	}
	return list
}

// cut returns the beginning of text that fits, at least one character.
func cut(text string, most int) string {
	used := 0
	for i, r := range text {
		if used += runeColumns(r); used > most && i > 0 {
			return text[:i]
		}
	}
	return text
}

// shorten returns text cut to a number of columns, at its end or in its middle.
func (s Style) shorten(text string, most int, middle bool) string {
	if columns(text) <= most {
		return text
	}
	mark := s.glyphs("…")
	room := max(0, most-len([]rune(mark)))
	head, tail := room, 0
	if middle {
		head, tail = (room+1)/2, room/2
	}
	return beginning(text, head) + mark + ending(text, tail)
}

// beginning returns the beginning of text that takes at most so many columns.
func beginning(text string, most int) string {
	used := 0
	for i, r := range text {
		if used += runeColumns(r); used > most {
			return text[:i]
		}
	}
	return text
}

// ending returns the end of text that takes at most so many columns. It does not begin with a mark that belongs to a letter before.
func ending(text string, most int) string {
	begin, used := len(text), 0
	for at := len(text); at > 0; {
		r, size := utf8.DecodeLastRuneInString(text[:at])
		at -= size
		if used += runeColumns(r); used > most {
			break
		}
		if runeColumns(r) > 0 {
			begin = at
		}
	}
	return text[begin:]
}

// pad fills text up to a number of columns on its right.
func pad(text string, to int) string { return text + strings.Repeat(" ", max(0, to-columns(text))) }

// padLeft fills text up to a number of columns on its left.
func padLeft(text string, to int) string { return strings.Repeat(" ", max(0, to-columns(text))) + text }

// hang prints text after a lead, wrapped with a hanging indent. Paint colors each line.
func (p *printer) hang(lead, text string, paint func(string) string) {
	lead, text = p.glyphs(lead), p.glyphs(text)
	for i, line := range wrap(text, max(1, p.columns()-columns(lead))) {
		if i > 0 {
			lead = strings.Repeat(" ", columns(lead))
		}
		p.printf("%s%s\n", lead, paint(line))
	}
}

func plain(text string) string { return text }

// plural returns a count with its noun.
func plural[N int | int64](count N, noun string) string {
	if count == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", count, noun)
}

// indent returns text with its lines indented by two columns.
func indent(text string) string {
	lines := slices.Collect(strings.Lines(text))
	for i, line := range lines {
		if strings.TrimSpace(line) != "" {
			lines[i] = "  " + line
		}
	}
	return strings.Join(lines, "")
}

// Paragraphs returns a text in lines of at most so many columns. An empty line ends a paragraph; a line that is indented stays as it is.
func Paragraphs(text string, most int) string {
	var out strings.Builder
	var words []string
	flush := func() {
		if len(words) > 0 {
			out.WriteString(strings.Join(wrap(strings.Join(words, " "), most), "\n") + "\n")
		}
		words = nil
	}
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
		if line == "" || line[0] == ' ' || line[0] == '\t' {
			flush()
			out.WriteString(line + "\n")
			continue
		}
		words = append(words, line)
	}
	flush()
	return out.String()
}

// Hang returns a text after a lead, in lines of at most so many columns, each under the beginning of the text.
func Hang(lead, text string, most int) string {
	var out strings.Builder
	for i, line := range wrap(text, max(1, most-columns(lead))) {
		if i > 0 {
			lead = strings.Repeat(" ", columns(lead))
		}
		out.WriteString(strings.TrimRight(lead+line, " ") + "\n")
	}
	return out.String()
}
