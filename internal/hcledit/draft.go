package hcledit

import (
	"errors"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/diag"
)

// Attribute is an attribute to be written: its name and its expression, which is one line of HCL. Without an expression it is absent.
type Attribute struct{ Name, Expr string }

// Check says what is wrong with the attributes that a block would have, by their names, in sentences. It is nil if nothing is. The check is
// the one of a file that holds this block alone. What is wrong with no attribute in particular stands under "".
func Check(header string, attributes []Attribute, check func(text []byte) error) (map[string]string, error) {
	lines := strings.Split(header+" {", "\n")
	names := make([]string, len(lines))
	for _, a := range attributes {
		if a.Expr != "" {
			lines = append(lines, "  "+a.Name+" = "+a.Expr)
			names = append(names, a.Name)
		}
	}
	err := check([]byte(strings.Join(lines, "\n") + "\n}\n"))
	var problems *diag.Problems
	if !errors.As(err, &problems) {
		return nil, err
	}
	wrong := map[string]string{}
	for _, d := range problems.Diagnostics {
		name := ""
		if d.Subject != nil && d.Subject.Start.Line <= len(names) {
			name = names[d.Subject.Start.Line-1]
		}
		if missing, ok := strings.CutPrefix(d.Summary, "Missing "); ok && slices.ContainsFunc(attributes, func(a Attribute) bool { return a.Name == missing }) {
			name = missing
		}
		if wrong[name] == "" {
			wrong[name] = d.Detail
		}
	}
	return wrong, nil
}
