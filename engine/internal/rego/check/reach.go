package check

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Inputs returns where a rule of a package reads its input, by itself or by rules that it refers to.
func (s *Set) Inputs(pkg, rule string) []*ast.Location {
	var found []*ast.Location
	seen := map[name]bool{{pkg, rule}: true}
	for queue := []name{{pkg, rule}}; len(queue) > 0; queue = queue[1:] {
		s.visit(queue[0], func(t *ast.Term, ref ast.Ref) {
			if ref.HasPrefix(ast.InputRootRef) {
				found = append(found, t.Location)
				return
			}
			if to, known := s.target(ref); known && !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		})
	}
	return found
}

// Clock reports whether any of some rules of a package may read the declared time, by itself or by rules that it refers to: data.now,
// or time.now_ns. A reference whose name is known only at evaluation may lead anywhere.
func (s *Set) Clock(pkg string, rules []string) bool {
	clocked := s.clocked()
	return slices.ContainsFunc(rules, func(rule string) bool { return clocked[name{pkg, rule}] })
}

// findClocked returns the rules that may read the time. It looks at each reference once, whatever the number of packages.
func (s *Set) findClocked() map[name]bool {
	above := map[string]bool{} // the packages, and what they are below
	for pkg := range s.rules {
		for above[pkg] = true; strings.Contains(pkg, "."); above[pkg] = true {
			pkg = pkg[:strings.LastIndexByte(pkg, '.')]
		}
	}
	clocked, referring := map[name]bool{}, map[name][]name{}
	var queue []name
	add := func(n name) {
		if !clocked[n] {
			clocked[n] = true
			queue = append(queue, n)
		}
	}
	for pkg, rules := range s.rules {
		for rule := range rules {
			from := name{pkg, rule}
			s.visit(from, func(_ *ast.Term, ref ast.Ref) {
				if to, known := s.target(ref); known {
					referring[to] = append(referring[to], from)
				} else if readsClock(ref, above) {
					add(from)
				}
			})
		}
	}
	for ; len(queue) > 0; queue = queue[1:] {
		for _, from := range referring[queue[0]] {
			add(from)
		}
	}
	return clocked
}

// readsClock reports whether a reference that leads to no rule may lead to the declared time.
func readsClock(ref ast.Ref, packages map[string]bool) bool {
	switch {
	case !ref.HasPrefix(ast.DefaultRootRef):
		return ref.Equal(ast.NowNanos.Ref())
	case len(ref) == 1 || !constant(ref[1]):
		return true
	case names(ref[1], "now"):
		return true
	}
	return packages[packageName(ref.ConstantPrefix())]
}

// name is that of a rule.
type name struct{ pkg, rule string }

// target returns the rule to which a reference leads; false if it leads to none.
func (s *Set) target(ref ast.Ref) (name, bool) {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return name{}, false
	}
	for n := len(ref) - 1; n > 1; n-- {
		to := name{packageName(ref[:n]), strings.Trim(ref[n].Value.String(), `"`)}
		if s.rules[to.pkg][to.rule] != nil {
			return to, true
		}
	}
	return name{}, false
}

// visit visits the references of a rule.
func (s *Set) visit(of name, visit func(t *ast.Term, ref ast.Ref)) {
	for _, r := range s.rules[of.pkg][of.rule] {
		ast.WalkTerms(r, func(t *ast.Term) bool {
			if ref, ok := t.Value.(ast.Ref); ok {
				visit(t, ref)
			}
			return false
		})
	}
}

// Gives returns where a rule of a package is given the literal value, other than by default.
func (s *Set) Gives(pkg, rule string, value ast.Value) []*ast.Location {
	var found []*ast.Location
	for _, r := range s.rules[pkg][rule] {
		for ; r != nil; r = r.Else {
			if !r.Default && ast.Compare(r.Head.Value.Value, value) == 0 {
				found = append(found, r.Head.Location)
			}
		}
	}
	return found
}

// Decides returns where a rule stands first that is not its default.
func (s *Set) Decides(pkg, rule string) (*ast.Location, bool) {
	for _, r := range s.rules[pkg][rule] {
		if !r.Default && r.Location != nil {
			return r.Location, true
		}
	}
	return nil, false
}

// Asked returns which rules of a package its tests ask for, sorted. A test that asks for the package as a whole asks for all.
func (s *Set) Asked(pkg string) []string {
	asked := s.uses().tested[pkg]
	if asked[""] {
		return s.Rules(pkg)
	}
	return sortedKeys(asked)
}

// Unreferenced returns the names of a package's rules that no rule of the catalog refers to, sorted. Tests don't count.
func (s *Set) Unreferenced(pkg string) []string {
	used := s.uses().referenced[pkg]
	return slices.DeleteFunc(s.Rules(pkg), func(name string) bool { return used[name] })
}

// uses are the names that modules use of packages, "" where they use a package as a whole.
type uses struct {
	referenced map[string]map[string]bool // by package; tests don't count
	tested     map[string]map[string]bool // by package, by its own tests
}

// findUses looks at each reference once, whatever the number of packages.
func (s *Set) findUses() uses {
	found := uses{referenced: map[string]map[string]bool{}, tested: map[string]map[string]bool{}}
	depth := 0
	for pkg := range s.rules {
		depth = max(depth, strings.Count(pkg, ".")+2) // with data
	}
	for _, m := range s.compiler.Modules {
		own := packageName(m.Package.Path)
		tested, test := strings.CutSuffix(own, testSuffix)
		ast.WalkRefs(m, func(ref ast.Ref) bool {
			s.usedBy(ref, depth, func(pkg, name string) {
				switch {
				case !test:
					note(found.referenced, pkg, name)
				case pkg == tested:
					note(found.tested, pkg, name)
				}
			})
			return false
		})
	}
	return found
}

// usedBy tells what a reference uses of each package that it leads through.
func (s *Set) usedBy(ref ast.Ref, depth int, use func(pkg, name string)) {
	if !ref.HasPrefix(ast.DefaultRootRef) {
		return
	}
	for n := 2; n <= min(len(ref), depth); n++ {
		if !constant(ref[n-1]) {
			return
		}
		pkg := packageName(ref[:n])
		switch {
		case s.rules[pkg] == nil:
		case len(ref) == n:
			use(pkg, "")
		case constant(ref[n]):
			use(pkg, string(ref[n].Value.(ast.String)))
		}
	}
}

func note(names map[string]map[string]bool, pkg, name string) {
	if names[pkg] == nil {
		names[pkg] = map[string]bool{}
	}
	names[pkg][name] = true
}
