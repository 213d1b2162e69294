package report

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// within prints a page on a terminal of a width, and wants no line to be wider.
func within(t *testing.T, width int, page Page) string {
	t.Helper()
	var text strings.Builder
	must.Do(t, Write(&text, page, "table", Style{Width: width}))
	for line := range strings.Lines(text.String()) {
		if columns(strings.TrimSuffix(line, "\n")) > width {
			t.Errorf("%d columns: %s", columns(line), line)
		}
	}
	return text.String()
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                 "plain",
		"a\x1b[31mb":            "a [31mb",
		"a\nb\r\tc\x00\x7f":     "a b  c  ",
		"a\u009bb":              "a b",
		"a\u202eb\u2066c\u200b": "a b c ",
		"Zoë 田中":                "Zoë 田中",
		"bad\xffbyte":           "bad\ufffdbyte",
	} {
		expect.Equalf(t, want, clean(in), "%q", in)
	}
}

func TestLines(t *testing.T) {
	const in, want = "a\x1b[1m\n\tb\x07\r\n\nc", "a [1m\n\tb  \n\nc"
	expect.Equal(t, want, lines(in))
}

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "田中": 4, "…": 1, "█░": 2, "ｗ": 2} {
		expect.Equalf(t, want, columns(text), "%q", text)
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"田中田中", 8, "田中田中"},
		{"田中田中", 7, "田中田…"},
		{"田中田中", 6, "田中…"},
		{"", 3, ""},
	} {
		got := clip(test.text, test.most)
		if got != test.want || columns(got) > test.most {
			t.Errorf("%q in %d: got %q, want %q", test.text, test.most, got, test.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want []string
	}{
		{"", 5, []string{""}},
		{"a b c", 5, []string{"a b c"}},
		{"a b c d", 5, []string{"a b c", "d"}},
		{"  a   b  ", 5, []string{"a b"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"ab cdefg", 3, []string{"ab", "cde", "fg"}},
		{"田中 田中田", 5, []string{"田中", "田中", "田"}},
		{"田", 1, []string{"田"}},
	} {
		expect.Equalf(t, test.want, wrap(test.text, test.most), "%q in %d", test.text, test.most)
	}
}

func TestPad(t *testing.T) {
	if got := pad("田", 4) + "|" + padLeft("田", 4) + "|" + pad("abcde", 4); got != "田  |  田|abcde" {
		t.Errorf("got %q", got)
	}
}

func TestPlural(t *testing.T) {
	if got := plural(1, "point") + ", " + plural(0, "point") + ", " + plural(int64(2), "point"); got != "1 point, 0 points, 2 points" {
		t.Errorf("got %q", got)
	}
}
