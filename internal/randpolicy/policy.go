package randpolicy

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// Generator generates policies and records. The policies use their input in every way that Rego
// has: by fields and by paths that are known or not, as a whole and through other names, in
// functions, comprehensions and "with".
type Generator struct {
	*rand.Rand
	Free bool // use also what a catalog forbids: "with" for data and functions, and comparisons that can't hold
}

func (r Generator) pick(options ...string) string { return options[r.IntN(len(options))] }

func (r Generator) chance(percent int) bool { return r.IntN(100) < percent }

// Policy is the text of a policy, in the package policies.test.c: in_scope (not always), compliant
// and reasons (not always).
func (r Generator) Policy() string {
	var b strings.Builder
	b.WriteString("package policies.test.c\n\n")
	if r.chance(40) {
		fmt.Fprintf(&b, "default in_scope := %s\n\n", r.pick("true", "false"))
		r.rule(&b, "in_scope := "+r.pick("true", "false"))
	} else if r.chance(30) {
		b.WriteString("in_scope := true\n\n")
	}
	if r.chance(85) {
		b.WriteString("default compliant := false\n\n")
	}
	for range 1 + r.IntN(3) {
		r.rule(&b, "compliant")
	}
	for range r.IntN(3) {
		r.rule(&b, "reasons contains sprintf(\"%v\", ["+r.term(1)+"])")
	}
	if r.chance(50) {
		r.rule(&b, "_limit := data.parameters.p")
	} else {
		r.plain(&b, "_limit := object.get(data.parameters, \"p\", 0)")
	}
	// What the rules above may use. Rego allows more than people write.
	for _, helper := range []string{"_flag", "_other"} {
		if r.chance(50) {
			fmt.Fprintf(&b, "default %s := %s\n\n", helper, r.pick("false", "0", "\"x\""))
		}
		r.plain(&b, helper+" := "+r.term(2))
	}
	r.plain(&b, "_set contains "+r.term(1))
	r.plain(&b, `_map[k] := v`+" if {\n\tsome k, v in "+r.path()+"\n\tis_string(k)\n}\n\n_map.z := 1")
	fmt.Fprintf(&b, "_f(x) := %s\n\n", r.pick("x", "x.a", "x.b.a", "count(x)", "[x]", "object.get(x, \"a\", 1)", "x == input.a", "[y | some y in x]"))
	fmt.Fprintf(&b, "_g(x, y) if x == y\n\n_g(x, _) if x.%s == %s\n\n", r.pick("a", "b"), r.scalar())
	b.WriteString("_one(_) := 1\n\n")
	b.WriteString("_h(x) := y if {\n\tsome y in x\n\tis_number(y)\n}\n")
	return b.String()
}

// rule writes a rule with conditions.
func (r Generator) rule(b *strings.Builder, head string) {
	fmt.Fprintf(b, "%s if {\n", head)
	for range 1 + r.IntN(3) {
		fmt.Fprintf(b, "\t%s\n", r.condition())
	}
	b.WriteString("}\n\n")
}

// plain writes a rule unchanged.
func (r Generator) plain(b *strings.Builder, text string) { fmt.Fprintf(b, "%s\n\n", text) }

func (r Generator) scalar() string { return r.pick("true", "false", "null", "1", "2", `"x"`, `"a"`) }

// path refers to a part of the input, or of what else is there.
func (r Generator) path() string {
	if r.chance(25) {
		return r.pick("input.c[_]", "input.b[_].a", "data.evidence.fuzz.docs[_].b", "input.many[_].a")
	}
	if r.chance(8) && r.Free {
		return "input"
	}
	return r.known()
}

// known is a path without a wildcard, as a negation wants it.
func (r Generator) known() string {
	return r.pick("input.a", "input.b", "input.c", "input.d.a", "input.e.b.c", "input.a.k", `input["b"]`, "input.one", "input.one.a", "input.many", "input.many[0].b",
		"input.a[0]", "data.evidence.fuzz.docs", "data.evidence.fuzz.docs[0].a")
}

// term is any value.
func (r Generator) term(depth int) string {
	if depth == 0 {
		return r.pick(r.path(), r.path(), r.scalar(), "data.parameters.p")
	}
	x := func() string { return r.term(depth - 1) }
	switch r.IntN(22) {
	case 0:
		return fmt.Sprintf("object.get(%s, %q, %s)", r.path(), r.pick("a", "b"), r.scalar())
	case 1:
		return fmt.Sprintf(`object.get(%s, ["a", "b"], %s)`, r.path(), r.scalar())
	case 2:
		return "count(" + r.path() + ")"
	case 3:
		return fmt.Sprintf("[y | some y in %s; %s]", r.path(), r.pick("y.a", "is_object(y)", "y != 1", "true", "y == input.a"))
	case 4:
		return fmt.Sprintf("{y | some y in %s; %s}", r.path(), r.pick("y.a", "is_object(y)", "y != 1", "true"))
	case 5:
		return fmt.Sprintf("{k: v | some k, v in %s; is_string(k)}", r.path())
	case 6:
		return "_f(" + x() + ")"
	case 7:
		return "[" + x() + ", " + x() + "]"
	case 8:
		return `{"a": ` + x() + `, "b": ` + x() + "}"
	case 9:
		return "{" + x() + ", 1}"
	case 10:
		return r.pick("_flag", "_other", "_set", "_map", "_map.a", "_map.z", "_limit")
	case 11:
		return r.pick("json.marshal", "type_name", "is_object", "to_number", "lower", "sort", "object.keys", "_h") + "(" + x() + ")"
	case 12:
		return "[y | walk(" + r.path() + ", [_, y]); is_number(y)]"
	case 13:
		return "object.union(" + r.path() + ", {\"a\": 1})"
	case 14:
		return fmt.Sprintf("count([1 | some y in %s; y in %s])", r.path(), r.path())
	case 15:
		return `array.concat(` + r.path() + ", [1])"
	case 16:
		return "max([y | some y in " + r.path() + "; is_number(y)])"
	case 17:
		return "object.remove(" + r.path() + `, ["a"])`
	default:
		return r.path()
	}
}

// condition is one line of a body.
func (r Generator) condition() string {
	t := func() string { return r.term(r.IntN(3)) }
	if !r.Free {
		// The type of a part of the input is unknown, so that it may be compared with anything.
		t = r.path
	}
	switch choice := r.IntN(21); choice {
	case 0:
		return t() + " == " + r.scalar()
	case 1:
		return t() + " == " + t()
	case 2:
		return t() + " " + r.pick("!=", "<", ">=") + " " + t()
	case 3:
		return r.scalar() + " in " + t()
	case 4:
		return t() + " in " + t()
	case 5:
		return "not " + r.known()
	case 6:
		return "not " + r.known() + " == " + r.scalar()
	case 7:
		return "count(" + t() + ") > " + r.pick("0", "1", "2")
	case 8:
		return fmt.Sprintf("every y in %s { %s }", r.path(), r.pick("y.a == 1", "y != 1", "is_string(y)", "y == input.a", "_g(y, input.b)"))
	case 9:
		return "_g(" + t() + ", " + t() + ")"
	case 10:
		return r.pick("_flag", "_other", "_limit > 1", "_limit == input.a", "count(_set) > 0", "_set[_] == input.a", "_map.a == 1", "not _flag", "_map[input.a]", "_set[input.b]")
	case 11, 12, 13, 14, 15, 20:
		if r.Free {
			return r.replacing(choice, t)
		}
		return r.plainly(choice)
	default:
		return r.bound(choice)
	}
}

// replacing is a condition in which documents or functions are replaced.
func (r Generator) replacing(choice int, t func() string) string {
	switch choice {
	case 11:
		return fmt.Sprintf("%s with input as %s", r.pick("_flag", "_other", "count(_set) == 1", "_map.a"), r.pick(`{"a": input.b, "b": [1]}`, "input.a", "input.many[0]", "{}", "1", `object.union(input, {"c": 1})`))
	case 12:
		return fmt.Sprintf("%s with input.%s as %s", r.pick("_flag", "_other", "count(_set) == 1", "not _flag", "input.a == 1"), r.pick("a", "a.b", "b", "d.a", "one"), t())
	case 13:
		return r.pick("_flag", "_other == 1", "data.parameters.p == 3") + " with data.parameters.p as " + r.scalar()
	case 14:
		return r.pick("_flag with count as _one", "count(_set) == 1 with count as _one", "_f(input.a) == 1 with _f as 1", "_flag with _f as _one", "_flag with type_name as \"x\"")
	case 15:
		return "_flag with data.evidence.fuzz.docs as " + r.pick("[]", "[input]", "[{\"a\": 1}]")
	default:
		return "_flag with _other as " + r.scalar()
	}
}

// plainly replaces it where a catalog has to accept the policy: catalogs refuse "with" for data and
// functions.
func (r Generator) plainly(choice int) string {
	switch choice {
	case 11:
		return "_h(" + r.path() + ") > 1"
	case 12:
		return r.pick("count(input) > 4", "_f(input)", "is_object(input)", "json.marshal(input) != \"{}\"", "input != {\"a\": 1}")
	case 13:
		return "input.a > data.parameters.p"
	case 14:
		return "_flag == input.b"
	case 15:
		return "count(data.evidence.fuzz.docs) > 1"
	default:
		return "_set[_] == input.b"
	}
}

// bound is a condition on variables of its own.
func (r Generator) bound(choice int) string {
	n := r.IntN(100000)
	switch choice {
	case 16:
		return fmt.Sprintf("w%d := input\n\tw%d.%s == %s", n, n, r.pick("a", "b"), r.scalar())
	case 17:
		return fmt.Sprintf("v%d := %s\n\tv%d.%s == %s", n, r.path(), n, r.pick("a", "b"), r.scalar())
	case 18:
		return fmt.Sprintf("some k%d, v%d in %s\n\tv%d == %s\n\tk%d != \"q\"", n, n, r.path(), n, r.scalar(), n)
	default:
		return fmt.Sprintf("%s[k%d]\n\tk%d in {0, 1, \"a\", \"b\", \"id\"}", r.path(), n, n)
	}
}
