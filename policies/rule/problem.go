package rule

import (
	"errors"

	"github.com/open-policy-agent/opa/v1/ast"
)

// translate turns OPA's errors into problems.
func translate(err error, _ map[ast.Var]ast.Var) (problems []Problem) {
	var list ast.Errors
	if !errors.As(err, &list) {
		var single *ast.Error
		if !errors.As(err, &single) {
			return nil
		}
		list = ast.Errors{single}
	}
	for _, e := range list {
		p := Problem{Row: 1, Col: 1, Summary: "Rego error", Detail: e.Message}
		if e.Location != nil {
			p.Path, p.Row, p.Col = e.Location.File, e.Location.Row, e.Location.Col
		}
		p.EndRow, p.EndCol = p.Row, p.Col+1
		problems = append(problems, p)
	}
	return problems
}
