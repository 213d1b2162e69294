package catalog

import (
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/engine/catalog/internal/scaffold"
)

// checkPlaceholders refuses the texts of a new control that its author has not replaced.
func (c *collector) checkPlaceholders() {
	for _, path := range sortedKeys(c.files) {
		row := 0
		for line := range strings.Lines(string(c.files[path].Bytes)) {
			row++
			before, after, found := strings.Cut(line, scaffold.Placeholder)
			if !found {
				continue
			}
			wanted, _, closed := strings.Cut(after, ">")
			if !closed {
				continue
			}
			from := utf8.RuneCountInString(before) + 1
			to := from + utf8.RuneCountInString(scaffold.Placeholder+wanted) + 1
			c.errorf(c.span(path, row, from, row, to), "Placeholder", "Replace this text of a new control: %s.", wanted)
		}
	}
}
