package report

import (
	"io"
	"strings"
)

// writeMarkdown writes sheets as Markdown tables, each under its title.
func writeMarkdown(w io.Writer, page interface{ sheets() []sheet }, style Style) error {
	return write(w, Style{}, func(p *printer) {
		for i, sheet := range page.sheets() {
			if sheet.title != "" && i > 0 {
				p.printf("\n")
			}
			if sheet.title != "" {
				p.printf("## %s\n\n", literal(sheet.title))
			}
			p.sheet(sheet)
		}
	})
}

func (p *printer) sheet(s sheet) {
	heads, rules := make([]string, len(s.heads)), make([]string, len(s.heads))
	for i, head := range s.heads {
		heads[i], rules[i] = head.name, "---"
		if head.number {
			rules[i] = "--:"
		}
	}
	p.printf("| %s |\n| %s |\n", strings.Join(heads, " | "), strings.Join(rules, " | "))
	for _, row := range s.rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = literal(clean(cell))
		}
		p.printf("| %s |\n", strings.Join(cells, " | "))
	}
}

// literal escapes what Markdown, or the HTML in it, would take for more than text.
func literal(text string) string {
	var safe strings.Builder
	for _, r := range text {
		switch {
		case r == '<':
			safe.WriteString("&lt;")
			continue
		case r == '>':
			safe.WriteString("&gt;")
			continue
		case r == '&':
			safe.WriteString("&amp;")
			continue
		case strings.ContainsRune("\\`*_{}[]()#!|~", r):
			safe.WriteByte('\\')
		}
		safe.WriteRune(r)
	}
	// What looks like an address becomes a link by itself in some readers.
	return strings.ReplaceAll(safe.String(), "://", ":\\//")
}
