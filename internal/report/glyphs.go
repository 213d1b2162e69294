package report

import "strings"

// glyphs returns text with what our pages draw with written in ASCII, where the style asks for it. Letters stay: they are names.
func (s Style) glyphs(text string) string {
	if !s.ASCII || strings.IndexFunc(text, func(r rune) bool { return r >= 0x80 }) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if plain := asciiGlyph(r); plain != "" {
			b.WriteString(plain)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// asciiGlyph returns what stands for a character that our pages draw with, or "" for any other.
func asciiGlyph(r rune) string {
	switch r {
	case '…':
		return "..."
	case '→':
		return "->"
	case '←':
		return "<-"
	case '−', '╌', '─':
		return "-"
	case '÷':
		return "/"
	case '×':
		return "x"
	case '█':
		return "#"
	case '░', '·':
		return "."
	case '│', '┤':
		return "|"
	case '┼', '╭', '╮', '╰', '╯', '╴', '╶':
		return "+"
	}
	return ""
}
