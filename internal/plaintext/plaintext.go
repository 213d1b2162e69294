// Package plaintext tells what a text shows to the people who read it: whether anything at all, and whether it shows as it is
// written. It changes no text.
package plaintext

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Blank reports whether nothing of a text can be seen: it has no character but spaces, those that are ignored where they are shown
// (Default_Ignorable_Code_Point of the Unicode Standard, such as the zero-width ones), and marks on nothing.
func Blank(text string) bool { return !strings.ContainsFunc(text, visible) }

func visible(r rune) bool {
	switch {
	case r == '\u2800': // a pattern of braille without dots
		return false
	case unicode.IsSpace(r), !unicode.IsGraphic(r), unicode.IsMark(r):
		return false
	}
	return !unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// Steers reports whether a character steers a terminal, ends a line, or changes the direction of writing (Unicode Standard Annex 9),
// with which a text can be made to read as another one. A tab and a line feed do, too.
func Steers(r rune) bool {
	switch {
	case r == '\u2028' || r == '\u2029' || r == '\u061c' || r == '\u200e' || r == '\u200f':
		return true
	case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069':
		return true
	}
	return unicode.IsControl(r) || r == utf8.RuneError
}
