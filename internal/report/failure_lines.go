package report

import (
	"fmt"

	"github.com/posture-score/posture/engine/catalog"
)

// failureLines returns expressions that did not hold, each with the values of what it names and with the expressions that it failed
// because of.
func failureLines(failures []catalog.TestFailure, margin string) []string {
	var lines []string
	for _, f := range failures {
		lines = append(lines, fmt.Sprintf("%s%s:%d:%d: %s", margin, f.Path, f.Row, f.Col, f.Text))
		for _, b := range f.Bindings {
			if b.Name != f.Text {
				lines = append(lines, fmt.Sprintf("%s    %s is %s", margin, b.Name, b.Value))
			} else {
				lines = append(lines, fmt.Sprintf("%s    is %s", margin, b.Value))
			}
		}
		lines = append(lines, failureLines(f.Because, margin+"  ")...)
	}
	return lines
}
