package plaintext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/plaintext"
)

// A reason that nobody can read is none.
func ExampleBlank() {
	fmt.Println(plaintext.Blank("\u200b\u00a0"), plaintext.Blank("A word"))
	// Output: true false
}

func TestBlank(t *testing.T) {
	for text, want := range map[string]bool{
		"":                            true,
		"\u00a0\t\r\n\u3000\u2003":    true,
		"\u200b":                      true, // zero-width space
		"\u200c\u200d\u2060\ufeff":    true, // joiners, and the byte-order mark
		"\u00ad":                      true, // soft hyphen
		"\u115f\u1160\u3164\uffa0":    true, // fillers of Hangul
		"\u180e\u034f\ufe0f":          true, // a separator of Mongolian, a joiner, a variation selector
		"\U000e0041\U000e0020":        true, // tags
		"\u202e\u2066":                true, // direction
		"\u2800":                      true, // braille without dots
		"\u0301":                      true, // an accent on nothing
		"\x00\x1b":                    true,
		"\ue000":                      true, // private use: whatever it is, no font of ours shows it
		".":                           false,
		"\u200bx\u200b":               false,
		"\u0645\u06cc\u200c\u062e":    false, // Persian, with a joiner that belongs there
		"\U0001f468\u200d\U0001f469":  false, // an emoji of two
		"\u0e01\u0e33":                false,
		"\u6f22":                      false,
		strings.Repeat(" ", 10) + "é": false,
		"e\u0301":                     false,
	} {
		expect.Equalf(t, want, plaintext.Blank(text), "%+q", text)
	}
}

func TestSteers(t *testing.T) {
	for _, r := range "\x00\t\n\r\x1b\x7f\u0085\u2028\u2029\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd" {
		expect.Equalf(t, true, plaintext.Steers(r), "%U", r)
	}
	for _, r := range " aé\u05d0\u0645\u200b\u200c\u200d\u6f22\U0001f468" {
		expect.Equalf(t, false, plaintext.Steers(r), "%U", r)
	}
}
