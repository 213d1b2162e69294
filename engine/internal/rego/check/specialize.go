package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Invariant: a specialized module refers neither to data.constants nor to a name below data.context that stands for a
// dataset. Locations are those of the text, so that errors point into the shared file.

// contextual returns the shared packages that read input or data, by themselves or through others. Each rule gets its
// own copy of them, since their types are those of the rule.
func contextual(parsed []parsedModule) map[string]parsedModule {
	shared, uses := map[string]parsedModule{}, map[string][]string{}
	found := map[string]parsedModule{}
	for _, m := range parsed {
		pkg := packageName(m.ast.Package.Path)
		if !isShared(pkg) || m.Schema != nil {
			continue
		}
		shared[pkg] = m
		ast.WalkRefs(m.ast, func(ref ast.Ref) bool {
			switch {
			case ref.HasPrefix(ast.InputRootRef), ref.HasPrefix(ast.DefaultRootRef) && (len(ref) == 1 || !names(ref[1], policiesKey)):
				found[pkg] = m
			case ref.HasPrefix(ast.DefaultRootRef):
				uses[pkg] = append(uses[pkg], sharedPackage(ref))
			}
			return false
		})
	}
	for before := -1; before < len(found); {
		before = len(found)
		for pkg, m := range shared {
			if slices.ContainsFunc(uses[pkg], func(used string) bool { _, ok := found[used]; return ok }) {
				found[pkg] = m
			}
		}
	}
	return found
}

// isShared reports whether a package is one of the shared modules, and no test of one.
func isShared(pkg string) bool { return strings.HasPrefix(pkg, "policies.lib.") && !isTest(pkg) }

// sharedPackage returns the package below policies.lib that a reference leads into, or "".
func sharedPackage(ref ast.Ref) string {
	if len(ref) < 4 || !names(ref[2], "lib") || !constant(ref[3]) {
		return ""
	}
	return packageName(ref[:4])
}

// specialize binds the names that controls declare: a context to its dataset, a constant to its value. It adds a copy of
// each shared module that reads input or data for each rule that uses it.
func specialize(parsed []parsedModule) (all []parsedModule, found []Diagnostic) {
	shared, tokens := contextual(parsed), 0
	for _, m := range parsed {
		if tokens += m.tokens; tokens > maxTokens {
			return nil, append(found, tooMuch(m.Module))
		}
		if m.Schema == nil {
			all = append(all, m)
			continue
		}
		s := &specializer{schema: m.Schema, shared: shared, suffix: suffix(m.Package), copied: map[string]bool{}}
		all = append(all, s.module(m))
		for len(s.queue) > 0 {
			pkg := s.queue[0]
			s.queue = s.queue[1:]
			used := shared[pkg]
			used.ast, used.Schema = used.ast.Copy(), m.Schema
			used.Package, used.Declares = pkg+"."+s.suffix, pkg
			all = append(all, s.module(used))
			if tokens += used.tokens; tokens > maxTokens {
				return nil, append(found, tooMuch(m.Module))
			}
		}
		found = append(found, s.found...)
	}
	return all, found
}

// suffix names the copies of shared modules that belong to a rule's package.
func suffix(pkg string) string {
	sum := sha256.Sum256([]byte(pkg))
	return "s" + hex.EncodeToString(sum[:4])
}

// specializer specializes one rule, and the shared modules that it uses.
type specializer struct {
	schema *InputSchema
	shared map[string]parsedModule // those to copy, by package
	suffix string
	copied map[string]bool
	queue  []string // packages to copy
	found  []Diagnostic
}

// module rewrites a module in place.
func (s *specializer) module(m parsedModule) parsedModule {
	if m.Declares != "" {
		m.ast.Package.Path = dataRef(strings.Split(m.Package, ".")...)
	}
	for _, i := range m.ast.Imports {
		s.imported(i)
	}
	for _, r := range m.ast.Rules {
		ast.WalkTerms(r, func(t *ast.Term) bool {
			if ref, ok := t.Value.(ast.Ref); ok && ref.HasPrefix(ast.DefaultRootRef) && len(ref) > 1 {
				s.reference(ref, t)
			}
			return false
		})
	}
	return m
}

// imported rewrites an import under its old name.
func (s *specializer) imported(i *ast.Import) {
	ref, ok := i.Path.Value.(ast.Ref)
	if !ok || !ref.HasPrefix(ast.DefaultRootRef) || len(ref) < 2 {
		return
	}
	if names(ref[1], constantsKey) {
		s.report(i.Path, "Import of constants", "Constants are put in place of their names when the catalog is loaded: write data.constants.<name> where it is used.")
		return
	}
	name := i.Name()
	s.reference(ref, i.Path)
	if now, _ := i.Path.Value.(ast.Ref); len(now) != len(ref) || !now.Equal(ref) {
		i.Alias = name
	}
}

// reference rewrites a reference below data.
func (s *specializer) reference(ref ast.Ref, t *ast.Term) {
	switch {
	case names(ref[1], policiesKey):
		pkg := sharedPackage(ref)
		if _, ok := s.shared[pkg]; !ok {
			return
		}
		if !s.copied[pkg] {
			s.copied[pkg] = true
			s.queue = append(s.queue, pkg)
		}
		t.Value = slices.Insert(slices.Clone(ref), 4, stringAt(s.suffix, ref[3]))
	case s.schema.Open:
	case names(ref[1], contextKey):
		if name, ok := s.name(ref, t, "Context", slices.Sorted(maps.Keys(s.schema.Context)), `context "name" { dataset = "..." }`); ok && s.schema.Context[name] != "" {
			area, dataset, _ := strings.Cut(s.schema.Context[name], ".")
			t.Value = append(ast.Ref{ref[0], stringAt(evidenceKey, ref[1]), stringAt(area, ref[2]), stringAt(dataset, ref[2])}, ref[3:]...)
		}
	case names(ref[1], constantsKey):
		if name, ok := s.name(ref, t, "Constant", slices.Sorted(maps.Keys(s.schema.Constants)), "constants = { name = value }"); ok {
			s.constant(ref, t, s.schema.Constants[name])
		}
	}
}

// stringAt returns a step of a reference that stands where another one stood.
func stringAt(text string, at *ast.Term) *ast.Term {
	return &ast.Term{Value: ast.String(text), Location: at.Location}
}

// name returns the name below data.context or data.constants, if the control declares it.
func (s *specializer) name(ref ast.Ref, t *ast.Term, what string, declared []string, how string) (string, bool) {
	if len(ref) < 3 || !constant(ref[2]) {
		s.report(t, what+" without a name", fmt.Sprintf("What a rule reads has to be seen from its text: write %s.<name>.", ref[:2]))
		return "", false
	}
	name := string(ref[2].Value.(ast.String))
	if !slices.Contains(declared, name) {
		s.report(t, fmt.Sprintf("Unknown %s %q", strings.ToLower(what), clip(name)), fmt.Sprintf("The control %s has no %s of this name. %s",
			s.schema.Control, strings.ToLower(what), choice(name, declared, "It has", fmt.Sprintf("Declare it: %s.", how))))
		return "", false
	}
	return name, true
}

// constant puts a value in place of a reference, as far as the text says which part of it is meant.
func (s *specializer) constant(ref ast.Ref, t *ast.Term, constant any) {
	value, err := ast.InterfaceToValue(constant)
	if err != nil {
		return // it is decoded JSON
	}
	rest := ref[3:]
	for len(rest) > 0 && rest[0].IsGround() {
		part, err := value.Find(rest[:1])
		if err != nil {
			s.report(t, "Unknown constant", fmt.Sprintf("The control %s has no %s.", s.schema.Control, ref))
			return
		}
		value, rest = part, rest[1:]
	}
	if len(rest) > 0 {
		t.Value = append(ast.Ref{{Value: value, Location: t.Location}}, rest...)
		return
	}
	t.Value = value
}

func (s *specializer) report(t *ast.Term, summary, detail string) {
	s.found = append(s.found, problemAt(t.Location, summary, detail))
}

// mergeCopies merges what was found in several copies of a shared module. It names the controls unless it is so for all.
func mergeCopies(found []Diagnostic, parsed []parsedModule) (merged []Diagnostic) {
	copies, controls := map[string]int{}, map[Diagnostic][]string{}
	for _, m := range parsed {
		if m.Declares != "" {
			copies[m.Path]++
		}
	}
	for _, d := range found {
		control := d.control
		d.control = ""
		if _, known := controls[d]; !known {
			merged = append(merged, d)
		}
		controls[d] = append(controls[d], control)
	}
	for i, d := range merged {
		if of := controls[d]; !slices.Contains(of, "") && len(of) < copies[d.Path] {
			slices.Sort(of)
			merged[i].Detail += fmt.Sprintf(" So it is for %s.", alternatives(slices.Compact(of)))
		}
	}
	return merged
}
