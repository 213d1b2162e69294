package check

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
	opair "github.com/open-policy-agent/opa/v1/ir"

	"github.com/posture-score/posture/engine/internal/rego/dataflow"
	"github.com/posture-score/posture/engine/internal/rego/ir"
)

// Invariant: a field is reported only if no value that an expression can read it from may have it: for one control or, of a field that is
// optional there (object.get), for any control that shares the expression.

// Reads is what the rules of a package can read.
type Reads = dataflow.AccessPaths

// Fields follows records and documents through the rules of each module with a schema, and through the functions that they call. It returns
// the accesses to fields that the schema doesn't have, and what each package reads. Packages that can't be planned are left out.
//
// [Compile] finds such fields where a rule names them itself; what a function reads of its arguments depends on its callers.
func (s *Set) Fields(ctx context.Context, modules []Module) ([]Diagnostic, map[string]Reads) {
	f := &fieldCheck{set: s, reads: map[string]Reads{}, unknown: map[fieldSite]*unknownField{}, optional: map[fieldSite]bool{}}
	var checked []Module
	var paths []string
	for _, m := range modules {
		if m.Schema != nil && !m.Schema.Open && len(s.entries(m.Package)) > 0 {
			checked = append(checked, m)
			paths = append(paths, s.entries(m.Package)...)
		}
	}
	plan := s.plan(ctx, paths)
	for _, m := range checked {
		own := plan
		if own == nil { // something in another package can't be planned
			own = s.plan(ctx, s.entries(m.Package))
		}
		if own != nil {
			f.module(own, m)
		}
	}
	return f.diagnostics(), f.reads
}

// entries returns the paths of a package's rules without arguments, sorted.
func (s *Set) entries(pkg string) []string {
	var paths []string
	for _, name := range sortedKeys(s.rules[pkg]) {
		if len(s.rules[pkg][name][0].Head.Args) == 0 {
			paths = append(paths, "data."+pkg+"."+name)
		}
	}
	return paths
}

// plan returns the plan of rules, or nil if they can't be planned.
func (s *Set) plan(ctx context.Context, paths []string) *ir.Plan {
	if len(paths) == 0 {
		return nil
	}
	plan, err := ir.PlanRules(ctx, s.compiler, paths)
	if err != nil {
		return nil
	}
	return plan
}

// fieldCheck collects what the rules of several modules read.
type fieldCheck struct {
	set      *Set
	reads    map[string]Reads
	unknown  map[fieldSite]*unknownField
	optional map[fieldSite]bool // optional accesses to fields that are there for some control
}

// fieldSite is where a field is named.
type fieldSite struct {
	file     string
	row, col int
	field    string
}

// unknownField is an access to a field that is not there, with the controls whose rules make it (see reader).
type unknownField struct {
	at      *ast.Location
	detail  string
	readers []string
}

// module analyzes the rules of a module.
func (f *fieldCheck) module(plan *ir.Plan, m Module) {
	var entries []*opair.Func
	for _, path := range f.set.entries(m.Package) {
		if entry, err := plan.Rule(path); err == nil {
			entries = append(entries, entry)
		}
	}
	graph, err := dataflow.NewGraph(plan, entries...)
	if err != nil {
		return
	}
	accesses, reads := graph.FieldAccesses()
	f.reads[m.Package] = reads
	shape, _ := readShape(m.Schema)
	roots := map[string]*node{"input": shape.input, "data": shape.data()}
	for _, access := range accesses {
		at := nameIn(access.Location, access.Field)
		if at == nil {
			continue
		}
		site := fieldSite{at.File, at.Row, at.Col, access.Field}
		if detail, unknown := explainAccess(access, roots); unknown {
			f.add(site, at, detail, f.reader(m, at.File))
		} else if access.Optional {
			f.optional[site] = true
		}
	}
}

// data is what rules see at data.
func (n *nodes) data() *node {
	object := func(fields map[string]*node) *node { return &node{kinds: kindObject, closed: true, fields: fields} }
	areas := map[string]*node{}
	for name, dataset := range n.evidence {
		area, rest, _ := strings.Cut(name, ".")
		if areas[area] == nil {
			areas[area] = object(map[string]*node{})
		}
		areas[area].fields[rest] = dataset
	}
	return object(map[string]*node{evidenceKey: object(areas), parametersKey: n.parameters, nowKey: n.now, contextKey: anything(), constantsKey: anything()})
}

// explainAccess reports whether none of the values that an access reads a field of can have it, and says what they are.
func explainAccess(access dataflow.FieldAccess, roots map[string]*node) (detail string, unknown bool) {
	if access.Made {
		return "", false
	}
	var details []string
	for _, path := range access.Objects {
		n, text := roots[path.Document], path.Document
		for _, step := range path.Steps {
			if step.Field == "" {
				n, text = n.element(), text+"[_]"
			} else {
				n, _ = n.field(step.Field)
				text += "." + step.Field
			}
		}
		if _, ok := n.field(access.Field); ok {
			return "", false
		}
		details = append(details, lacks(n, text, access.Field))
	}
	return slices.Min(details), true
}

// lacks says that a value has no field of a name, and which it has.
func lacks(n *node, text, field string) string {
	switch {
	case n.kinds&kindObject != 0:
		return fmt.Sprintf("%s has no field %q. %s", text, clip(field), choice(field, sortedKeys(n.fields), "Its fields are", "It has no fields."))
	case n.kinds&kindArray != 0:
		return fmt.Sprintf("%s is a list, which has no fields. Look at its elements: some element in %s.", text, text)
	}
	return fmt.Sprintf("%s is %s, which has no fields.", text, n.kinds.words())
}

// reader names the control whose rule reads a field in a shared module; "" stands for the rule's own file.
func (f *fieldCheck) reader(m Module, file string) string {
	if file == m.Path && m.Declares == "" {
		return ""
	}
	return cmp.Or(m.Schema.Control, m.Package)
}

func (f *fieldCheck) add(site fieldSite, at *ast.Location, detail, reader string) {
	if f.unknown[site] == nil {
		f.unknown[site] = &unknownField{at: at, detail: detail}
	}
	if !slices.Contains(f.unknown[site].readers, reader) {
		f.unknown[site].readers = append(f.unknown[site].readers, reader)
	}
}

// diagnostics returns what was found, by location. In a shared module they name a control that passes the value.
func (f *fieldCheck) diagnostics() []Diagnostic {
	var list []Diagnostic
	for site, u := range f.unknown {
		if f.optional[site] {
			continue
		}
		slices.Sort(u.readers)
		detail := u.detail
		switch more := len(u.readers) - 1; {
		case more > 0:
			detail += fmt.Sprintf(" It is read there for %s and %d more.", u.readers[0], more)
		case u.readers[0] != "":
			detail += fmt.Sprintf(" It is read there for %s.", u.readers[0])
		}
		list = append(list, problemAt(u.at, fmt.Sprintf("Unknown field %q", clip(site.field)), detail))
	}
	return sortProblems(list)
}

// nameIn returns where a name first stands in the text of an expression, or the expression if it doesn't.
func nameIn(expr *ast.Location, name string) *ast.Location {
	if expr == nil || expr.Row < 1 {
		return nil
	}
	text := string(expr.Text)
	for from := 0; from < len(text); {
		i := strings.Index(text[from:], name)
		if i < 0 {
			break
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(name):])
		if !inWord(before) && !inWord(after) {
			at := &ast.Location{File: expr.File, Row: expr.Row + strings.Count(text[:i], "\n"), Col: expr.Col + utf8.RuneCountInString(text[:i]), Text: []byte(name)}
			if line := strings.LastIndexByte(text[:i], '\n'); line >= 0 {
				at.Col = 1 + utf8.RuneCountInString(text[line+1:i])
			}
			return at
		}
		from = i + len(name)
	}
	return expr
}

func inWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
