package check

import (
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Inputs returns where a rule of a package reads its input, by itself or by rules that it refers to.
func (s *Set) Inputs(pkg, rule string) []*ast.Location {
	type name struct{ pkg, rule string }
	var found []*ast.Location
	seen := map[name]bool{{pkg, rule}: true}
	for queue := []name{{pkg, rule}}; len(queue) > 0; queue = queue[1:] {
		for _, r := range s.named(queue[0].pkg, queue[0].rule) {
			ast.WalkTerms(r, func(t *ast.Term) bool {
				ref, ok := t.Value.(ast.Ref)
				switch {
				case !ok:
				case ref.HasPrefix(ast.InputRootRef):
					found = append(found, t.Location)
				case ref.HasPrefix(ast.DefaultRootRef):
					for n := len(ref) - 1; n > 1; n-- {
						to := name{packageName(ref[:n]), strings.Trim(ref[n].Value.String(), `"`)}
						if s.rules[to.pkg][to.rule] == nil {
							continue
						}
						if !seen[to] {
							seen[to] = true
							queue = append(queue, to)
						}
						break
					}
				}
				return false
			})
		}
	}
	return found
}

// Gives returns where a rule of a package is given the literal value, other than by default.
func (s *Set) Gives(pkg, rule string, value ast.Value) []*ast.Location {
	var found []*ast.Location
	for _, r := range s.named(pkg, rule) {
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
	for _, r := range s.named(pkg, rule) {
		if !r.Default && r.Location != nil {
			return r.Location, true
		}
	}
	return nil, false
}

// Asked returns which rules of a package its tests ask for, sorted. A test that asks for the package as a whole asks for all.
func (s *Set) Asked(pkg string) []string {
	asked := map[string]bool{}
	path := ast.MustParseRef("data." + pkg)
	for _, module := range s.compiler.Modules {
		if packageName(module.Package.Path) != pkg+"_test" {
			continue
		}
		ast.WalkRefs(module, func(ref ast.Ref) bool {
			switch {
			case !ref.HasPrefix(path):
			case len(ref) == len(path):
				for _, name := range s.Rules(pkg) {
					asked[name] = true
				}
			default:
				if name, ok := ref[len(path)].Value.(ast.String); ok {
					asked[string(name)] = true
				}
			}
			return false
		})
	}
	return sortedKeys(asked)
}

// named returns the rules of a name, in the order of the text.
func (s *Set) named(pkg, name string) []*ast.Rule {
	var found []*ast.Rule
	for _, path := range sortedKeys(s.compiler.Modules) {
		for _, r := range s.compiler.Modules[path].Rules {
			if packageName(r.Module.Package.Path) == pkg && ruleName(r) == name {
				found = append(found, r)
			}
		}
	}
	return found
}
