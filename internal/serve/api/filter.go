package api

import (
	"fmt"
	"math/big"
	"strings"
	"time"
)

// The filter of Graph's answers: comparisons of a property with a value, joined by and, or, not and parentheses (OData 4.01, part 2, 5.1.1),
// as far as the two answers have properties to compare.
//
//	or         = and *( "or" and )
//	and        = term *( "and" term )
//	term       = "not" term | "(" or ")" | property operator value
//	operator   = "eq" | "ne" | "gt" | "ge" | "lt" | "le"

// Bounds of a filter.
const (
	maxFilter = 2000 // bytes
	maxTerms  = 16   // comparisons: Graph finds nothing with more
	maxDepth  = 16   // of parentheses and nots
)

// value is a value of a property: a text, a number, a time, or true or false.
type value struct {
	kind   kind
	text   string
	number *big.Rat
	at     time.Time
	truth  bool
}

type kind string

const (
	isText   kind = "a text in single quotes"
	isNumber kind = "a number"
	isTime   kind = "a time such as 2026-01-31T00:00:00Z"
	isTruth  kind = "true or false"
)

func text(t string) value       { return value{kind: isText, text: t} }
func numeric(n *big.Rat) value  { return value{kind: isNumber, number: n} }
func moment(at time.Time) value { return value{kind: isTime, at: at} }
func boolean(truth bool) value  { return value{kind: isTruth, truth: truth} }
func hundredths(n int64) value  { return numeric(big.NewRat(n, 100)) }
func properties(p map[string]value) func(string) value {
	return func(name string) value { return p[name] }
}

// predicate reports whether a resource passes a filter, by its properties.
type predicate func(property func(name string) value) bool

// filterParser reads a filter.
type filterParser struct {
	tokens []string
	kinds  map[string]kind // of the properties that there are
	terms  int
}

// parseFilter reads a filter over properties of these kinds.
func parseFilter(filter string, kinds map[string]kind) (predicate, error) {
	if len(filter) > maxFilter {
		return nil, fmt.Errorf("a filter has at most %d bytes", maxFilter)
	}
	tokens, err := tokenize(filter)
	if err != nil {
		return nil, err
	}
	p := &filterParser{tokens: tokens, kinds: kinds}
	found, err := p.or(0)
	if err != nil {
		return nil, err
	}
	if len(p.tokens) > 0 {
		return nil, fmt.Errorf("%.40q is not expected here", p.tokens[0])
	}
	return found, nil
}

// tokenize splits a filter into words, parentheses and quoted texts. A quote in a text is written twice.
func tokenize(filter string) ([]string, error) {
	var tokens []string
	for rest := strings.TrimLeft(filter, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		end := 1
		switch {
		case rest[0] == '\'':
			for end < len(rest) && (rest[end] != '\'' || end+1 < len(rest) && rest[end+1] == '\'') {
				if rest[end] == '\'' {
					end++
				}
				end++
			}
			if end >= len(rest) {
				return nil, fmt.Errorf("a text is not closed")
			}
			end++
		case rest[0] != '(' && rest[0] != ')':
			if end = strings.IndexAny(rest, " ()'"); end < 0 {
				end = len(rest)
			}
		}
		tokens, rest = append(tokens, rest[:end]), rest[end:]
	}
	return tokens, nil
}

func (p *filterParser) next() string {
	if len(p.tokens) == 0 {
		return ""
	}
	token := p.tokens[0]
	p.tokens = p.tokens[1:]
	return token
}

// takes takes a word, in any case, if it is next.
func (p *filterParser) takes(word string) bool {
	if len(p.tokens) > 0 && strings.EqualFold(p.tokens[0], word) {
		p.tokens = p.tokens[1:]
		return true
	}
	return false
}

func (p *filterParser) or(depth int) (predicate, error) {
	left, err := p.and(depth)
	for err == nil && p.takes("or") {
		first := left
		var second predicate
		second, err = p.and(depth)
		left = func(property func(string) value) bool { return first(property) || second(property) }
	}
	return left, err
}

func (p *filterParser) and(depth int) (predicate, error) {
	left, err := p.term(depth)
	for err == nil && p.takes("and") {
		first := left
		var second predicate
		second, err = p.term(depth)
		left = func(property func(string) value) bool { return first(property) && second(property) }
	}
	return left, err
}

func (p *filterParser) term(depth int) (predicate, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("it nests too deeply")
	}
	switch {
	case p.takes("not"):
		inner, err := p.term(depth + 1)
		return func(property func(string) value) bool { return !inner(property) }, err
	case p.takes("("):
		inner, err := p.or(depth + 1)
		if err == nil && !p.takes(")") {
			err = fmt.Errorf("a parenthesis is not closed")
		}
		return inner, err
	}
	return p.comparison()
}

func (p *filterParser) comparison() (predicate, error) {
	if p.terms++; p.terms > maxTerms {
		return nil, fmt.Errorf("it has more than %d comparisons", maxTerms)
	}
	name, operator, literal := p.next(), strings.ToLower(p.next()), p.next()
	kind, known := p.kinds[name]
	if !known {
		return nil, fmt.Errorf("there is no property %.40q to filter by", name)
	}
	holds, known := operators()[operator]
	if !known {
		return nil, fmt.Errorf("%.40q is no operator: eq, ne, gt, ge, lt and le are", operator)
	}
	wanted, ok := parseValue(literal, kind)
	if !ok {
		return nil, fmt.Errorf("%s is compared with %s, and not with %.40q", name, kind, literal)
	}
	return func(property func(string) value) bool { return holds(property(name).compare(wanted)) }, nil
}

func operators() map[string]func(order int) bool {
	return map[string]func(int) bool{
		"eq": func(order int) bool { return order == 0 }, "ne": func(order int) bool { return order != 0 },
		"gt": func(order int) bool { return order > 0 }, "ge": func(order int) bool { return order >= 0 },
		"lt": func(order int) bool { return order < 0 }, "le": func(order int) bool { return order <= 0 },
	}
}

// parseValue reads a value of a kind.
func parseValue(literal string, k kind) (value, bool) {
	switch k {
	case isText:
		inner, opened := strings.CutPrefix(literal, "'")
		inner, closed := strings.CutSuffix(inner, "'")
		return text(strings.ReplaceAll(inner, "''", "'")), opened && closed && len(literal) > 1
	case isNumber:
		const most = 20 // digits
		if len(literal) > most || strings.Trim(literal, "0123456789.-") != "" {
			return value{}, false
		}
		n, ok := new(big.Rat).SetString(literal)
		return numeric(n), ok
	case isTime:
		for _, layout := range []string{time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(layout, literal); err == nil {
				return moment(at), true
			}
		}
		return value{}, false
	}
	return boolean(literal == "true"), literal == "true" || literal == "false"
}

// compare compares values of one kind; texts without case.
func (v value) compare(other value) int {
	switch v.kind {
	case isNumber:
		return v.number.Cmp(other.number)
	case isTime:
		return v.at.Compare(other.at)
	case isTruth:
		switch {
		case v.truth == other.truth:
			return 0
		case v.truth:
			return 1
		}
		return -1
	}
	return strings.Compare(strings.ToLower(v.text), strings.ToLower(other.text))
}
