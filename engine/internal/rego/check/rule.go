package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Module is the text of one Rego file, with what the catalog knows of it.
type Module struct {
	Path    string // as shown to users; unique among the modules compiled together
	Package string // the package that the file must declare: policies.entra.admin_mfa
	Source  []byte
	Schema  *InputSchema // nil for tests, and for shared modules as they stand
	// Declares is the package that the text itself declares, where it is a copy of a shared module; "" otherwise.
	Declares string
}

// InputSchema is what a control's rules find at run time, as decoded JSON Schemas (draft 2020-12). It is only read. References
// are local ("#/$defs/x"), and are looked up in the nearest enclosing schema that has the definition, so that schemas of
// datasets can be put into one another as they are.
type InputSchema struct {
	Input      map[string]any            // of input
	Evidence   map[string]map[string]any // dataset, such as "entra.users", to what data.evidence.entra.users holds
	Parameters map[string]any            // of data.parameters
	Context    map[string]string         // name below data.context to dataset; "" for one that the control does not have
	Constants  map[string]any            // name below data.constants to its value, as decoded JSON
	Control    string                    // the id of a control with this schema, for messages
	Open       bool                      // a mistake leaves open which names there are
}

// Diagnostic is a mistake in a module. Rows and columns count from 1; the end is exclusive. A problem without a place in the
// text stands at row 1, column 1.
type Diagnostic struct {
	Path           string
	Row, Col       int
	EndRow, EndCol int
	Summary        string // a few words
	Detail         string // what was expected, and how to mend it

	control string // a control with the copy of the shared module that this is about; "" for any other module
}

// String returns the problem as one line.
func (p Diagnostic) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.Path, p.Row, p.Col, p.Summary, p.Detail)
}

// Error is returned where modules that have problems can't be used.
type Error struct {
	Diagnostics []Diagnostic
}

// Error returns one line per problem.
func (e *Error) Error() string {
	lines := make([]string, len(e.Diagnostics))
	for i, p := range e.Diagnostics {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Set is what was compiled. It is shared between goroutines and never changes.
type Set struct {
	compiler *ast.Compiler
	rules    map[string]map[string][]*ast.Rule // package, name: in the order of the text
	declared map[string]string                 // package to the package that its text declares
	defaults map[string]map[string]*ast.Term
	uses     func() uses
	clocked  func() map[name]bool
}

func newSet(compiler *ast.Compiler, parsed []parsedModule) *Set {
	s := &Set{
		compiler: compiler, rules: map[string]map[string][]*ast.Rule{}, defaults: map[string]map[string]*ast.Term{}, declared: map[string]string{},
	}
	s.uses, s.clocked = sync.OnceValue(s.findUses), sync.OnceValue(s.findClocked)
	for _, m := range parsed {
		s.declared[packageName(m.ast.Package.Path)] = cmp.Or(m.Declares, packageName(m.ast.Package.Path))
	}
	for _, path := range sortedKeys(compiler.Modules) {
		for _, r := range compiler.Modules[path].Rules {
			s.add(packageName(r.Module.Package.Path), ruleName(r), r)
		}
	}
	return s
}

func (s *Set) add(pkg, name string, r *ast.Rule) {
	if s.rules[pkg] == nil {
		s.rules[pkg], s.defaults[pkg] = map[string][]*ast.Rule{}, map[string]*ast.Term{}
	}
	s.rules[pkg][name] = append(s.rules[pkg][name], r)
	if r.Default {
		s.defaults[pkg][name] = r.Head.Value
	}
}

// Compiler returns the compiler that holds the modules. Modules that have problems are left out of it, and so are those
// that refer to them.
func (s *Set) Compiler() *ast.Compiler { return s.compiler }

// Declared returns the package that the text of a package declares: that of the shared module, for a copy. It is false
// for a package that was not compiled.
func (s *Set) Declared(pkg string) (string, bool) {
	declared, ok := s.declared[pkg]
	return declared, ok
}

// Has reports whether the package was compiled, and has rules.
func (s *Set) Has(pkg string) bool { return s.rules[pkg] != nil }

// Rules returns the names of a package's rules and functions, sorted.
func (s *Set) Rules(pkg string) []string { return sortedKeys(s.rules[pkg]) }

// Default returns what a rule is where no body of it holds, or nil if it is undefined there.
func (s *Set) Default(pkg, rule string) *ast.Term { return s.defaults[pkg][rule] }

// Location returns where a rule stands first.
func (s *Set) Location(pkg, rule string) (*ast.Location, bool) {
	named := s.rules[pkg][rule]
	if len(named) == 0 {
		return nil, false
	}
	return named[0].Location, true
}

// ruleName is the part of a rule's reference that names it within its package.
func ruleName(r *ast.Rule) string {
	switch head := r.Head.Ref()[0].Value.(type) {
	case ast.Var:
		return string(head)
	default:
		return strings.Trim(head.String(), `"`)
	}
}

// packageName writes a package's path as authors do: without "data.".
func packageName(path ast.Ref) string { return strings.TrimPrefix(path.String(), "data.") }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// sortProblems orders problems by place and drops those said twice.
func sortProblems(problems []Diagnostic) []Diagnostic {
	slices.SortFunc(problems, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Row, b.Row), cmp.Compare(a.Col, b.Col),
			cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	})
	return slices.CompactFunc(problems, func(a, b Diagnostic) bool {
		return a.Path == b.Path && a.Row == b.Row && a.Col == b.Col && a.Summary == b.Summary && a.Detail == b.Detail
	})
}
