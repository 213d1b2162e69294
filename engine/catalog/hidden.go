package catalog

import (
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/internal/plaintext"
)

// checkHidden refuses characters that make a line read as another one than the parser reads, in comments and anywhere else: what is
// reviewed has to be what runs. One of each line is shown.
func (c *collector) checkHidden() {
	for _, path := range sortedKeys(c.files) {
		row := 0
		for line := range strings.Lines(string(c.files[path].Bytes)) {
			row++
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			at := strings.IndexFunc(line, func(r rune) bool { return r != '\t' && plaintext.Steers(r) })
			if at < 0 {
				continue
			}
			column := utf8.RuneCountInString(line[:at]) + 1
			c.errorf(c.span(path, row, column, row, column+1), "Control character",
				"A character steers a terminal or the direction of writing, or ends a line: write it as an escape in a text, such as \\u202e, and remove it from a comment.")
		}
	}
}
