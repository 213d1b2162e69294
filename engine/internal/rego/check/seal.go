package check

import (
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Capabilities returns what Rego may do in a catalog. Builtins are allowed by name, never excluded, so that those of a
// later OPA stay out until someone has looked at them: a rule's result may depend on its data alone, and its cost on the
// size of that data. time.now_ns is allowed because the engine gives it the declared time of the assessment.
func Capabilities() *ast.Capabilities {
	all := ast.CapabilitiesForThisVersion()
	allowed := allowedBuiltins()
	sealed := &ast.Capabilities{
		FutureKeywords: all.FutureKeywords,
		Features:       all.Features,
		AllowNet:       []string{}, // nil would allow every host
	}
	for _, builtin := range all.Builtins {
		if slices.Contains(allowed, builtin.Name) {
			sealed.Builtins = append(sealed.Builtins, builtin)
		}
	}
	return sealed
}

// allowedBuiltins are the functions and operators that Rego may call.
func allowedBuiltins() []string {
	return []string{
		// Operators, and what the compiler makes of statements. print is there for tests: elsewhere it is compiled away.
		"and", "assign", "div", "eq", "equal", "gt", "gte", "lt", "lte", "minus", "mul", "neq", "or", "plus", "rem",
		"internal.member_2", "internal.member_3", "internal.print", "internal.template_string", "internal.test_case", "print",

		// Aggregates and collections. graph.reachable_paths is out: there may be more paths than can ever be listed, and it can't be
		// stopped.
		"array.concat", "array.flatten", "array.reverse", "array.slice", "count", "intersection", "max", "min", "product",
		"sort", "sum", "union",
		"object.filter", "object.get", "object.keys", "object.remove", "object.subset", "object.union", "object.union_n",
		"json.filter", "json.is_valid", "json.marshal", "json.marshal_with_options", "json.patch", "json.remove",
		"json.unmarshal", "graph.reachable", "walk",

		// Numbers. bits.lsh is out: a shift by a few thousand million takes the memory of the machine.
		"abs", "ceil", "floor", "format_int", "numbers.range", "numbers.range_step", "round", "to_number",
		"bits.and", "bits.negate", "bits.or", "bits.rsh", "bits.xor",
		"units.parse", "units.parse_bytes",

		// Strings. Regular expressions are RE2's, which take linear time.
		"concat", "contains", "endswith", "indexof", "indexof_n", "lower", "replace", "split", "sprintf", "startswith",
		"strings.any_prefix_match", "strings.any_suffix_match", "strings.count", "strings.replace_n", "strings.reverse",
		"strings.split_n", "substring", "trim", "trim_left", "trim_prefix", "trim_right", "trim_space", "trim_suffix", "upper",
		"glob.match", "glob.quote_meta",
		"regex.find_all_string_submatch_n", "regex.find_n", "regex.is_valid", "regex.match", "regex.replace", "regex.split",
		"semver.compare", "semver.is_valid",
		"base64.decode", "base64.encode", "base64.is_valid", "base64url.decode", "base64url.encode",
		"base64url.encode_no_pad", "hex.decode", "hex.encode", "uri.is_valid", "uri.parse", "urlquery.decode",
		"urlquery.decode_object", "urlquery.encode", "urlquery.encode_object",
		"crypto.md5", "crypto.sha1", "crypto.sha256",

		// Addresses, without look-ups. net.cidr_expand is out: a prefix of 8 bits has millions of addresses.
		"net.cidr_contains", "net.cidr_contains_matches", "net.cidr_intersects", "net.cidr_is_valid", "net.cidr_merge",
		"uuid.parse",

		// Types.
		"is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name",

		// Time.
		"time.add_date", "time.clock", "time.date", "time.diff", "time.format", "time.now_ns", "time.parse_duration_ns",
		"time.parse_ns", "time.parse_rfc3339_ns", "time.weekday",
	}
}
