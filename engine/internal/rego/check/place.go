package check

import (
	"bytes"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// report takes note of a problem.
func (v *visitor) report(at *ast.Location, summary, detail string) {
	p := problemAt(at, summary, detail)
	if v.scope.shape != nil {
		p.control = v.scope.shape.control
	}
	v.problems = append(v.problems, p)
}

// place returns a location, or the nearest one that is known.
func (v *visitor) place(at *ast.Location) *ast.Location {
	switch {
	case at != nil && at.Row > 0:
		return at
	case v.expr != nil && v.expr.Location != nil:
		return v.expr.Location
	default:
		return v.rule.Location
	}
}

// part returns where a part of a reference stands. References that were resolved through an import share the locations of
// their first parts, so those are believed only where they lie within the reference.
func (v *visitor) part(t *ast.Term, ref ast.Ref, i int) *ast.Location {
	whole := v.place(t.Location)
	if at := ref[i].Location; at != nil && whole != nil && within(at, whole) {
		return at
	}
	return whole
}

func within(inner, outer *ast.Location) bool {
	return inner.File == outer.File && inner.Offset >= outer.Offset && inner.Offset+len(inner.Text) <= outer.Offset+len(outer.Text)
}

// problemAt returns a problem that spans a location's text.
func problemAt(at *ast.Location, summary, detail string) Diagnostic {
	p := Diagnostic{Row: 1, Col: 1, EndRow: 1, EndCol: 2, Summary: summary, Detail: detail}
	if at == nil || at.Row < 1 {
		return p
	}
	p.Path, p.Row, p.Col, p.EndRow, p.EndCol = at.File, at.Row, max(at.Col, 1), at.Row, max(at.Col, 1)+1
	if text := bytes.TrimRight(at.Text, " \t\r\n"); len(text) > 0 {
		p.EndRow = at.Row + bytes.Count(text, []byte("\n"))
		if last := bytes.LastIndexByte(text, '\n'); last >= 0 {
			p.EndCol = utf8.RuneCount(text[last+1:]) + 1
		} else {
			p.EndCol = p.Col + utf8.RuneCount(text)
		}
	}
	return p
}

// covers reports whether another problem lies within this one.
func (p Diagnostic) covers(q Diagnostic) bool {
	return p.Path == q.Path && !before(q.Row, q.Col, p.Row, p.Col) && !before(p.EndRow, p.EndCol, q.Row, q.Col)
}

func before(row, col, thanRow, thanCol int) bool {
	return row < thanRow || row == thanRow && col < thanCol
}

// excerpt returns the text of a term if it is short and on one line.
func excerpt(t *ast.Term) string {
	if t.Location == nil || len(t.Location.Text) > 80 || bytes.ContainsRune(t.Location.Text, '\n') {
		return ""
	}
	return string(t.Location.Text)
}
