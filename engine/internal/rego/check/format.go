package check

import (
	"context"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
)

// Invariant: a formatted text has the rules, imports and comments of the original. OPA's formatter drops parentheses that matter:
// a == (b > 0).

// Format returns a module in the layout of OPA's formatter, or what keeps it from being formatted. Package is not checked.
func Format(m Module) ([]byte, []Diagnostic) {
	options := ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: Capabilities(), ProcessAnnotation: true}
	before, err := parseOne(m, options)
	if err != nil {
		_, problems := parse(context.Background(), []Module{m})
		return nil, problems
	}
	text, err := format.SourceWithOpts(m.Path, m.Source, format.Opts{RegoVersion: ast.RegoV1, ParserOptions: &options})
	if err != nil {
		return nil, []Diagnostic{unformatted(before.Package.Location, "OPA can't format it: "+err.Error())}
	}
	after, err := parseOne(Module{Path: m.Path, Source: text}, options)
	if err != nil {
		return nil, []Diagnostic{unformatted(firstDifference(before, nil), "OPA's formatter would break this file: "+err.Error())}
	}
	if at := firstDifference(before, after); at != nil {
		return nil, []Diagnostic{unformatted(at, "OPA's formatter would change what it means, as it drops parentheses. Write it in several expressions.")}
	}
	if !slices.Equal(comments(before), comments(after)) {
		return nil, []Diagnostic{unformatted(before.Package.Location, "OPA's formatter would lose a comment. Put comments on lines of their own, before what they are about.")}
	}
	return text, nil
}

func unformatted(at *ast.Location, detail string) Diagnostic {
	row, col, text := at.Row, at.Col, string(at.Text)
	text, _, _ = strings.Cut(text, "\n")
	return Diagnostic{Path: at.File, Row: row, Col: col, EndRow: row, EndCol: col + len([]rune(text)), Summary: "Not formatted", Detail: detail}
}

// firstDifference returns where a module begins to differ from another, nil if they are equal.
func firstDifference(a, b *ast.Module) *ast.Location {
	switch {
	case b == nil:
		return a.Package.Location
	case !a.Package.Equal(b.Package):
		return a.Package.Location
	case !slices.EqualFunc(a.Imports, b.Imports, (*ast.Import).Equal):
		return a.Imports[0].Location
	case len(a.Rules) != len(b.Rules):
		return a.Package.Location
	}
	for i, rule := range a.Rules {
		if at := differenceOf(rule, b.Rules[i]); at != nil {
			return at
		}
	}
	return nil
}

// differenceOf returns where a rule begins to differ from another, nil if they are equal.
func differenceOf(a, b *ast.Rule) *ast.Location {
	if a.Equal(b) {
		return nil
	}
	if at := differenceOfBodies(a.Body, b.Body); at != nil && a.Head.Equal(b.Head) {
		return at
	}
	if a.Else != nil && b.Else != nil {
		return differenceOf(a.Else, b.Else)
	}
	return a.Location
}

// differenceOfBodies returns where a body begins to differ from another, nil if that is in no expression.
func differenceOfBodies(a, b ast.Body) *ast.Location {
	for i, expr := range a {
		if i >= len(b) || expr.Equal(b[i]) {
			continue
		}
		every, ok := expr.Terms.(*ast.Every)
		other, both := b[i].Terms.(*ast.Every)
		if ok && both {
			if at := differenceOfBodies(every.Body, other.Body); at != nil {
				return at
			}
		}
		return expr.Location
	}
	return nil
}

// comments returns the texts of a module's comments, sorted.
func comments(m *ast.Module) []string {
	texts := make([]string, len(m.Comments))
	for i, comment := range m.Comments {
		texts[i] = strings.TrimSpace(string(comment.Text))
	}
	slices.Sort(texts)
	return texts
}

// EquivalentSource tells if two texts say the same, but for comments, layout and the name of their package. Texts that can't be parsed are
// not the same as any other.
func EquivalentSource(a, b []byte) bool {
	options := ast.ParserOptions{RegoVersion: ast.RegoV1, Capabilities: Capabilities()}
	var trees [2]*ast.Module
	for i, text := range [][]byte{a, b} {
		tree, err := parseOne(Module{Source: text}, options)
		if err != nil {
			return false
		}
		trees[i] = tree
	}
	return slices.EqualFunc(trees[0].Imports, trees[1].Imports, (*ast.Import).Equal) &&
		slices.EqualFunc(trees[0].Rules, trees[1].Rules, (*ast.Rule).Equal)
}
