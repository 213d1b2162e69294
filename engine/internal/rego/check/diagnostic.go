package check

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/types"

	"github.com/posture-score/posture/internal/suggest"
)

// translate turns OPA's errors into problems, nil if the error is not OPA's.
func translate(err error, parsed []parsedModule) (problems []Diagnostic) {
	var list ast.Errors
	if !errors.As(err, &list) {
		var single *ast.Error
		if !errors.As(err, &single) {
			return nil
		}
		list = ast.Errors{single}
	}
	known := messages()
	for _, e := range list {
		summary, detail := describe(e, parsed, known)
		problems = append(problems, problemAt(pinpoint(e), summary, detail))
	}
	return problems
}

// pinpoint returns where an error stands: for an unknown field, the field instead of the reference that it is in.
func pinpoint(e *ast.Error) *ast.Location {
	var ref ast.Ref
	var wrong int
	switch d := e.Details.(type) {
	case *ast.RefErrInvalidDetail:
		ref, wrong = d.Ref, d.Pos
	case *ast.RefErrUnsupportedDetail:
		ref, wrong = d.Ref, d.Pos+1
	}
	if wrong >= len(ref) || e.Location == nil {
		return e.Location
	}
	at := ref[wrong].Location
	if at == nil || at.File != e.Location.File || before(at.Row, at.Col, e.Location.Row, e.Location.Col) {
		return e.Location
	}
	return at
}

// describe returns what is wrong, and how to correct it, in our words.
func describe(e *ast.Error, parsed []parsedModule, known []message) (summary, detail string) {
	switch d := e.Details.(type) {
	case *ast.RefErrInvalidDetail:
		return explainRef(d, ownPackages(e, parsed))
	case *ast.RefErrUnsupportedDetail:
		return "No such field", fmt.Sprintf("%s is %s, which has no fields.", d.Ref[:min(d.Pos+1, len(d.Ref))], typeWords(d.Have))
	case *ast.UnificationErrDetail:
		left, right := typeWords(d.Left), typeWords(d.Right)
		if left == right {
			return "Comparison of unlike types", fmt.Sprintf("Both sides are %s, but not of the same shape: they are never equal.", left)
		}
		return "Comparison of unlike types", fmt.Sprintf("One side is %s, the other is %s: they are never equal.", left, right)
	case *ast.ArgErrDetail:
		name, _, _ := strings.Cut(e.Message, ":")
		want, have := d.Want.Args, d.Have
		if i := slices.IndexFunc(ast.Builtins, func(b *ast.Builtin) bool { return b.Name == name }); i >= 0 {
			arity := ast.Builtins[i].Decl.Arity() // what comes after is the result
			want, have = want[:min(arity, len(want))], have[:min(arity, len(have))]
		}
		return "Wrong argument", fmt.Sprintf("%s takes %s, and got %s.", name, argWords(want), argWords(have))
	}
	if name, ok := strings.CutPrefix(e.Message, "undefined function "); ok {
		return undefinedFunction(name, parsed)
	}
	for _, m := range known {
		if match := m.pattern.FindStringSubmatch(e.Message); match != nil {
			return m.explain(match[1])
		}
	}
	if e.Code == ast.ParseErr {
		return "Syntax error", sentence(e.Message)
	}
	return "Rego error", sentence(e.Message)
}

// ownPackages returns the packages that an error stands in, as references begin with them: a file has several if it is
// a shared module.
func ownPackages(e *ast.Error, parsed []parsedModule) (own []string) {
	for _, m := range parsed {
		if e.Location != nil && m.Path == e.Location.File {
			own = append(own, m.ast.Package.Path.String()+".")
		}
	}
	return own
}

func explainRef(d *ast.RefErrInvalidDetail, own []string) (summary, detail string) {
	base := d.Ref[:d.Pos].String()
	for _, pkg := range own {
		base = strings.TrimPrefix(base, pkg)
	}
	name, ok := d.Ref[d.Pos].Value.(ast.String)
	switch {
	case d.Have != nil:
		return "Wrong key", fmt.Sprintf("%s can't be looked up by %s.", base, typeWords(d.Have))
	case !ok:
		return "Wrong key", fmt.Sprintf("%s can't be looked up by %s.", base, clip(d.Ref[d.Pos].String()))
	}
	if d.Want != nil && types.Compare(d.Want, types.N) == 0 {
		return fmt.Sprintf("No field %q", clip(string(name))),
			fmt.Sprintf("%s is a list, which has no fields. Look at its elements: some element in %s.", base, base)
	}
	var fields []string
	for _, v := range d.OneOf {
		fields = append(fields, plain(v))
	}
	return fmt.Sprintf("Unknown field %q", clip(string(name))), fmt.Sprintf("%s has no field %q. %s",
		base, clip(string(name)), choice(string(name), fields, "Its fields are", "It has no fields."))
}

// message is a kind of error that OPA tells in words alone.
type message struct {
	pattern *regexp.Regexp
	explain func(name string) (summary, detail string)
}

func messages() []message {
	return []message{
		{regexp.MustCompile(`^var (\S+) is unsafe$`), func(name string) (string, string) {
			return fmt.Sprintf("Unknown name %q", clip(name)),
				fmt.Sprintf("%s is no rule of this package, no import, and no variable that gets a value. Check its spelling, or give it one with `some` or `:=`.", clip(name))
		}},
		{regexp.MustCompile(`^(?:assigned|declared) var (\S+) unused$`), func(name string) (string, string) {
			return "Unused variable", fmt.Sprintf("Nothing reads %s. Leave it out.", clip(name))
		}},
		{regexp.MustCompile(`^unused argument (\S+)\.`), func(name string) (string, string) {
			return "Unused argument", fmt.Sprintf("The function does not read %s. Leave it out, or call it _.", clip(name))
		}},
		{regexp.MustCompile(`^import (\S+) unused$`), func(name string) (string, string) {
			return "Unused import", fmt.Sprintf("Nothing in this file uses %s. Leave the import out.", clip(name))
		}},
		{regexp.MustCompile(`^rule (\S+) is recursive: `), func(name string) (string, string) {
			return "Recursive rule", fmt.Sprintf("%s depends on itself, which Rego does not allow.", clip(name))
		}},
	}
}

func undefinedFunction(name string, parsed []parsedModule) (summary, detail string) {
	if path, ok := strings.CutPrefix(name, "data."); ok {
		return undefinedRule(path, parsed)
	}
	allowed := allowedBuiltins()
	known := slices.ContainsFunc(ast.CapabilitiesForThisVersion().Builtins, func(b *ast.Builtin) bool { return b.Name == name })
	if known && !slices.Contains(allowed, name) {
		return fmt.Sprintf("Builtin %s not allowed", name), fmt.Sprintf("Rules run sealed: the same evidence has to give the same result, "+
			"at a cost that its size bounds. So %s is not available in a catalog.", name)
	}
	return fmt.Sprintf("Unknown function %s", clip(name)), fmt.Sprintf("There is no function %s.%s Functions of shared modules need an import.", clip(name), suggest.Hint(name, allowed))
}

// undefinedRule tells apart a package that isn't there and a package without the rule.
func undefinedRule(path string, parsed []parsedModule) (summary, detail string) {
	pkg, name := path, ""
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		pkg, name = path[:dot], path[dot+1:]
	}
	for _, m := range parsed {
		if m.Declares != "" && packageName(m.ast.Package.Path) == pkg {
			pkg = m.Declares
		}
	}
	var packages, names []string
	for _, m := range parsed {
		have := packageName(m.ast.Package.Path)
		if have == pkg || m.Declares == pkg {
			for _, r := range m.ast.Rules {
				names = append(names, ruleName(r))
			}
		}
		if isShared(have) && m.Declares == "" {
			packages = append(packages, have)
		}
	}
	if slices.Sort(names); len(names) > 0 {
		return fmt.Sprintf("Unknown rule %s", clip(name)), fmt.Sprintf("Package %s has no %s. %s", clip(pkg), clip(name),
			choice(name, slices.Compact(names), "It has", ""))
	}
	slices.Sort(packages)
	// What stands where packages do is one, and no rule of what they stand in.
	if slices.ContainsFunc(packages, func(shared string) bool { return strings.HasPrefix(shared, pkg+".") }) {
		pkg = path
	}
	return "Unknown package", fmt.Sprintf("There is no package %s. %s", clip(pkg),
		choice(pkg, slices.Compact(packages), "Shared packages are", "The catalog has no shared packages."))
}

// typeWords says what a type is.
func typeWords(t types.Type) string {
	switch t := t.(type) {
	case nil:
		return "unknown"
	case *types.NamedType:
		return typeWords(t.Type)
	case types.Null:
		return "null"
	case types.Boolean:
		return "true or false"
	case types.Number:
		return "a number"
	case types.String:
		return "a string"
	case *types.Array:
		return "a list"
	case *types.Set:
		return "a set"
	case *types.Object:
		return "an object"
	case types.Any:
		if len(t) == 0 {
			return "any value"
		}
		words := make([]string, len(t))
		for i := range t {
			words[i] = typeWords(t[i])
		}
		slices.Sort(words)
		return alternatives(slices.Compact(words))
	default:
		return types.Sprint(t)
	}
}

func argWords(args []types.Type) string {
	words := make([]string, len(args))
	for i, t := range args {
		words[i] = typeWords(t)
	}
	return "(" + strings.Join(words, "; ") + ")"
}

// sentence makes a sentence of OPA's message.
func sentence(message string) string {
	message = strings.TrimSpace(strings.ReplaceAll(message, "\n", " "))
	if message == "" {
		return "The Rego compiler gives no reason."
	}
	return strings.ToUpper(message[:1]) + strings.TrimSuffix(message[1:], ".") + "."
}
