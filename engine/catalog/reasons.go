package catalog

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// sentence is a reason that is written out and ends as a sentence does. Reasons are put together with counts: "no method is registered (12 of 60)".
var sentence = regexp.MustCompile("^reasons contains (\"(?:[^\"\\\\]|\\\\.)*[^.]\\.\"|`[^`]*[^.]\\.`)")

// checkReasons warns of reasons that end with a full stop.
func (c *collector) checkReasons() {
	for _, path := range sortedKeys(c.files) {
		if !strings.HasSuffix(path, ".rego") {
			continue
		}
		row := 0
		for line := range strings.Lines(string(c.files[path].Bytes)) {
			row++
			if at := sentence.FindStringSubmatchIndex(line); at != nil {
				from := utf8.RuneCountInString(line[:at[2]]) + 1
				to := from + utf8.RuneCountInString(line[at[2]:at[3]])
				c.warnf(c.span(path, row, from, row, to), "Unfit reason", "A reason is counted, as in \"no method is registered (12 of 60)\": write it in lower case, without a full stop.")
			}
		}
	}
}
