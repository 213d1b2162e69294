package limit

import (
	"math/bits"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Price returns the cost of a call of a built-in function.
type Price = func(p *Prices, args []*ast.Term) Cost

type price = Price

// Prices works out what calls of built-in functions cost. It is for one goroutine.
type Prices struct{ patterns map[string]pattern }

// NewPrices returns prices.
func NewPrices() *Prices { return &Prices{patterns: map[string]pattern{}} }

// Of returns the price of a built-in function, and whether it has one of its own: any other costs what is in its operands. It is nil if a
// call costs no more than its statement, whatever its operands.
func Of(name string) (Price, bool) {
	if known, ok := prices[name]; ok {
		return known, true
	}
	return whole(4, 4), false
}

// prices has the price of every function that Rego may call in a catalog: nil for one whose cost is that of its statement, whatever its
// operands.
var prices = map[string]price{
	// Operators.
	"and": intersection2, "or": sets, "minus": minus, "plus": linearNumbers, "mul": product2, "div": product2, "rem": product2,
	"assign": nil, "eq": comparison, "equal": comparison, "neq": comparison, "gt": comparison, "gte": comparison, "lt": comparison, "lte": comparison,
	"internal.member_2": member(0, 1), "internal.member_3": comparison,
	"internal.print": whole(4, 4), "print": whole(4, 4), "internal.template_string": template, "internal.test_case": nil,

	// Aggregates and collections.
	"array.concat": lists, "array.flatten": flatten, "array.reverse": lists, "array.slice": slice, "count": countOf,
	"intersection": whole(4, 0), "union": union, "max": whole(1, 0), "min": whole(1, 0), "sort": sorted, "product": product, "sum": sum,
	"object.filter": whole(4, 4), "object.get": nil, "object.keys": keys, "object.remove": whole(4, 4),
	"object.subset": subset, "object.union": whole(8, 8), "object.union_n": whole(8, 8),
	"json.filter": whole(8, 8), "json.remove": whole(8, 8), "json.patch": patch,
	"json.is_valid": texts(16, 16), "json.unmarshal": texts(32, 96), "json.marshal": whole(8, 8), "json.marshal_with_options": indented,
	"graph.reachable": reachable, "walk": walk,

	// Numbers.
	"abs": power2, "ceil": power2, "floor": power2, "round": power2, "format_int": power2, "to_number": texts(4, 1),
	"numbers.range": numbersRange, "numbers.range_step": numbersRange,
	"bits.and": power2, "bits.negate": power2, "bits.or": power2, "bits.rsh": power2, "bits.xor": power2,
	"units.parse": amount, "units.parse_bytes": amount,

	// Texts.
	"concat": concat, "contains": scan, "endswith": scan, "startswith": scan, "indexof": search, "indexof_n": search,
	"lower": texts(4, 1), "upper": texts(4, 1), "strings.reverse": texts(4, 1), "substring": texts(4, 4), "strings.count": scan,
	"replace": replace, "strings.replace_n": replaceN, "split": split, "strings.split_n": split, "sprintf": sprintf,
	"strings.any_prefix_match": sorted, "strings.any_suffix_match": sorted,
	"trim": search, "trim_left": search, "trim_right": search, "trim_prefix": scan, "trim_suffix": scan, "trim_space": scan,
	"glob.match": glob, "glob.quote_meta": texts(4, 4),
	"regex.find_all_string_submatch_n": regexMany(0, 1), "regex.find_n": regexMany(0, 1), "regex.is_valid": texts(64, 256),
	"regex.match": regexOnce(0, 1), "regex.replace": regexMany(1, 0), "regex.split": regexMany(0, 1),
	"semver.compare": scan, "semver.is_valid": scan,
	"base64.decode": texts(4, 2), "base64.encode": texts(4, 4), "base64.is_valid": texts(4, 2), "base64url.decode": texts(4, 2),
	"base64url.encode": texts(4, 4), "base64url.encode_no_pad": texts(4, 4), "hex.decode": texts(4, 2), "hex.encode": texts(4, 4),
	"uri.is_valid": texts(8, 8), "uri.parse": texts(8, 8), "urlquery.decode": texts(4, 4), "urlquery.encode": texts(8, 8),
	"urlquery.decode_object": texts(32, 96), "urlquery.encode_object": whole(8, 16),
	"crypto.md5": texts(8, 1), "crypto.sha1": texts(8, 1), "crypto.sha256": texts(8, 1),

	// Addresses.
	"net.cidr_contains": texts(4, 1), "net.cidr_intersects": texts(4, 1), "net.cidr_is_valid": texts(4, 1),
	"net.cidr_contains_matches": pairs, "net.cidr_merge": merge, "uuid.parse": texts(8, 8),

	// Types.
	"is_array": nil, "is_boolean": nil, "is_null": nil, "is_number": nil, "is_object": nil, "is_set": nil, "is_string": nil, "type_name": nil,

	// Time.
	"time.add_date": clock, "time.clock": clock, "time.date": clock, "time.diff": clock, "time.format": clock,
	"time.now_ns": nil, "time.parse_duration_ns": texts(8, 1), "time.parse_ns": texts(16, 4), "time.parse_rfc3339_ns": texts(4, 1),
	"time.weekday": clock,
}

// texts is the price of a function that reads texts from one end to the other: work and bytes for each byte.
func texts(work, bytes int64) price {
	return func(_ *Prices, args []*ast.Term) Cost {
		var n int64
		for _, t := range args {
			n += text(t)
		}
		if n < SmallText && bytes <= 8 {
			return Cost{}
		}
		return Cost{Work: times(n, work), Bytes: times(n, bytes)}
	}
}

// whole is the price of a function that visits all of its operands.
func whole(work, bytes int64) price {
	return func(_ *Prices, args []*ast.Term) Cost {
		var c Cost
		for _, t := range args {
			s := weigh(t)
			c.Work = add(c.Work, times(s.work, work))
			c.Bytes = add(c.Bytes, times(s.texts+s.nodes*8, bytes))
		}
		if c.Bytes < 4*SmallText {
			c.Bytes = 0
		}
		return c
	}
}

// scan looks through texts, and makes none.
func scan(p *Prices, args []*ast.Term) Cost { return texts(1, 0)(p, args) }

// search compares a text with another at each place, at worst.
func search(_ *Prices, args []*ast.Term) Cost {
	n, m := text(args[0]), text(args[1])
	if n < SmallText && m < SmallText {
		return Cost{}
	}
	return Cost{Work: add(n*4, times(n, m)/4), Bytes: n * 8}
}

func comparison(_ *Prices, args []*ast.Term) Cost { return Comparison(args[0], args[1]) }

// member looks for a value in a collection.
func member(value, in int) price {
	return func(_ *Prices, args []*ast.Term) Cost {
		x, c := args[value], args[in]
		if _, ok := c.Value.(ast.Set); ok {
			return Cost{Work: text(x) / 4}
		}
		n := length(c)
		switch x.Value.(type) {
		case *ast.Array, ast.Object, ast.Set:
			return Cost{Work: times(n, min(weigh(x).work, weigh(c).work))}
		}
		return Cost{Work: add(n*WorkOfElement, times(n, text(x)/SmallText*SmallText/4))}
	}
}

func countOf(_ *Prices, args []*ast.Term) Cost {
	n := text(args[0])
	if n < SmallText {
		return Cost{}
	}
	return Cost{Work: n * 4, Bytes: n * 4}
}

// sets makes a set of the members of two.
func sets(_ *Prices, args []*ast.Term) Cost {
	n := length(args[0]) + length(args[1])
	work := add(times(n, 8*WorkOfElement), add(weigh(args[0]).work, weigh(args[1]).work))
	return Cost{Work: add(work, probing(args...)), Bytes: times(n, BytesOfMember)}
}

// intersection2 looks for the members of the smaller set in the other one.
func intersection2(_ *Prices, args []*ast.Term) Cost {
	few, many := args[0], args[1]
	if length(few) > length(many) {
		few = many
	}
	n := length(few)
	return Cost{Work: add(times(weigh(few).work, 2), probing(args...)), Bytes: times(n, BytesOfMember)}
}

// difference looks for the members of one set in another one.
func difference(_ *Prices, args []*ast.Term) Cost {
	return Cost{Work: add(times(weigh(args[0]).work, 4), probing(args...)), Bytes: times(length(args[0]), BytesOfMember)}
}

func union(_ *Prices, args []*ast.Term) Cost {
	s := weigh(args[0])
	return Cost{Work: times(s.work, 8), Bytes: times(s.nodes, BytesOfMember)}
}

func keys(_ *Prices, args []*ast.Term) Cost {
	n := length(args[0])
	return Cost{Work: n * 8 * WorkOfElement, Bytes: n * BytesOfMember}
}

// lists makes an array of the elements of its operands.
func lists(_ *Prices, args []*ast.Term) Cost {
	var n int64
	for _, t := range args {
		n += length(t)
	}
	return Cost{Work: n * WorkOfElement, Bytes: n * BytesOfElement}
}

func flatten(_ *Prices, args []*ast.Term) Cost {
	n := length(args[0])
	if a, ok := args[0].Value.(*ast.Array); ok {
		a.Foreach(func(t *ast.Term) { n += length(t) })
	}
	return Cost{Work: n * WorkOfElement, Bytes: n * BytesOfElement}
}

func slice(_ *Prices, args []*ast.Term) Cost {
	return Cost{Work: length(args[0]) * WorkOfElement, Bytes: length(args[0]) * BytesOfElement}
}

func sorted(_ *Prices, args []*ast.Term) Cost {
	var s size
	for _, t := range args {
		s = s.with(t, 1)
	}
	return Cost{Work: times(s.work, int64(bits.Len64(uint64(s.nodes)))), Bytes: times(s.nodes, BytesOfElement)} //nolint:gosec // it is not negative
}

// subset looks for each element of an array in another one; members of sets and fields of objects are looked up.
func subset(_ *Prices, args []*ast.Term) Cost {
	a, b := weigh(args[0]), weigh(args[1])
	return Cost{Work: add(add(a.work, b.work), times(times(a.lists, b.lists), WorkOfElement))}
}

// patch doubles a document with each copy.
func patch(_ *Prices, args []*ast.Term) Cost {
	doc, ops := weigh(args[0]), weigh(args[1])
	n := add(doc.work+ops.work, doc.texts)
	n = times(n, 1+length(args[1]))
	copies := 0
	eachObject(args[1], func(o ast.Object) {
		if op := o.Get(ast.InternedTerm("op")); op != nil && op.Value.Compare(ast.String("copy")) == 0 {
			copies++
		}
	})
	for range min(copies, 60) {
		n = times(n, 2)
	}
	return Cost{Work: n, Bytes: n, Loose: false}
}

func eachObject(t *ast.Term, visit func(ast.Object)) {
	see := func(e *ast.Term) {
		if o, ok := e.Value.(ast.Object); ok {
			visit(o)
		}
	}
	switch v := t.Value.(type) {
	case *ast.Array:
		v.Foreach(see)
	case ast.Set:
		v.Foreach(see)
	}
}

// indented writes each value on a line of its own, behind a prefix and an indentation for each level.
func indented(p *Prices, args []*ast.Term) Cost {
	s, options := weigh(args[0]), weigh(args[1])
	c := whole(8, 8)(p, args)
	c.Bytes = add(c.Bytes, times(times(s.nodes, s.depth), options.texts))
	c.Loose = true
	return c
}

// reachable visits the edges of a node once for each way on which it was found before it was visited: by levels, the number of ways is
// that of the level before, multiplied by the edges.
func reachable(_ *Prices, args []*ast.Term) Cost {
	graph, ok := args[0].Value.(ast.Object)
	if !ok {
		return Cost{}
	}
	visited := map[string]bool{}
	level := map[string]int64{}
	terms := map[string]*ast.Term{}
	push := func(t *ast.Term, ways int64, to map[string]int64) {
		name := t.Value.String()
		terms[name] = t
		to[name] = add(to[name], ways)
	}
	elements(args[1], func(t *ast.Term) { push(t, 1, level) })
	var work int64
	for len(level) > 0 && work < most/2 {
		following := map[string]int64{}
		found := make([]string, 0, len(level))
		for name, ways := range level {
			found = append(found, name)
			work = add(work, times(ways, 4*WorkOfElement))
			edges := graph.Get(terms[name])
			if edges == nil {
				continue
			}
			work = add(work, times(ways, times(length(edges), 4*WorkOfElement)))
			elements(edges, func(t *ast.Term) {
				if !visited[t.Value.String()] {
					push(t, ways, following)
				}
			})
		}
		for _, name := range found {
			visited[name] = true
		}
		level = following
	}
	return Cost{Work: work, Bytes: work / 4}
}

func elements(t *ast.Term, visit func(*ast.Term)) {
	switch v := t.Value.(type) {
	case *ast.Array:
		v.Foreach(visit)
	case ast.Set:
		v.Foreach(visit)
	}
}

// walk has a result for each value within a value, with the path to it.
func walk(_ *Prices, args []*ast.Term) Cost {
	s := weigh(args[0])
	n := times(s.nodes, s.depth+4)
	return Cost{Work: times(n, WorkOfElement), Bytes: times(n, BytesOfElement)}
}

// workOfZone is what it takes to find a time zone.
const workOfZone = 20_000

// clock takes a time apart, in a time zone if it is given.
func clock(p *Prices, args []*ast.Term) Cost {
	c := whole(16, 8)(p, args)
	if a, ok := args[0].Value.(*ast.Array); ok && a.Len() > 1 && text(a.Elem(1)) > 0 {
		c.Work = add(c.Work, workOfZone)
	}
	return c
}

// glob looks for the parts of a pattern between wildcards, each half of them within what the other half leaves.
func glob(_ *Prices, args []*ast.Term) Cost {
	n, m := text(args[2]), text(args[0])
	wild := 0
	if pattern, ok := args[0].Value.(ast.String); ok {
		wild = strings.Count(string(pattern), "*") + strings.Count(string(pattern), "?") + strings.Count(string(pattern), "{") + strings.Count(string(pattern), "[")
	}
	if wild <= 1 {
		return Cost{Work: add(n*8, m*64), Bytes: m * 16}
	}
	return Cost{Work: add(times(m, m+64), times(m, power(n/2+1, min(bits.Len(uint(wild)), 8)))/4), Bytes: m * 64} //nolint:gosec // a count
}

// pairs compares each element of a collection with each of another one, and reads both as addresses each time.
func pairs(_ *Prices, args []*ast.Term) Cost {
	n := times(length(args[0])+1, length(args[1])+1)
	return Cost{Work: times(n, 16*WorkOfElement), Bytes: times(n, BytesOfMember), Loose: true}
}

// merge sorts addresses, and takes them out of a list one by one.
func merge(_ *Prices, args []*ast.Term) Cost {
	n := length(args[0])
	return Cost{Work: add(times(n, 64*WorkOfElement), times(n, n)), Bytes: times(n, 4*BytesOfField)}
}
