package limit

import (
	"regexp"
	"regexp/syntax"

	"github.com/open-policy-agent/opa/v1/ast"
)

// pattern is what matching a regular expression takes.
type pattern struct {
	instructions int64          // that its program has; 0 if it is malformed
	compiled     *regexp.Regexp // once it is needed
}

const (
	maxPatterns = 256
	// workOfInstruction is what compiling an instruction takes, and bytesOfInstruction its bytes.
	workOfInstruction  = 128
	bytesOfInstruction = 96
)

// pattern returns the size of a pattern.
func (p *Prices) pattern(text string) pattern {
	if known, ok := p.patterns[text]; ok {
		return known
	}
	found := pattern{instructions: Instructions(text)}
	if len(p.patterns) >= maxPatterns {
		clear(p.patterns)
	}
	p.patterns[text] = found
	return found
}

// Instructions returns how many instructions the program of a regular expression has at most; 0 if it is malformed.
func Instructions(text string) int64 {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return 0
	}
	return instructions(parsed) + 2
}

func instructions(e *syntax.Regexp) int64 {
	n := int64(1)
	switch e.Op {
	case syntax.OpLiteral:
		n = int64(len(e.Rune))
	case syntax.OpCapture:
		n = 2
	case syntax.OpConcat, syntax.OpAlternate:
		n = int64(len(e.Sub))
	}
	for _, sub := range e.Sub {
		n = add(n, instructions(sub))
	}
	if e.Op == syntax.OpRepeat {
		n = times(n, int64(max(e.Min, e.Max, 1))+1)
	}
	return n
}

// RegexCost is the cost of matching a text with a regular expression of so many instructions.
func RegexCost(instructions int64, text int) Cost {
	return Cost{Work: times(instructions, int64(text)*4)}
}

// FewInstructions is the size of a regular expression up to which compiling it takes little memory.
const FewInstructions = 128

// CompileCost is the cost of compiling a regular expression of so many instructions.
func CompileCost(instructions int64) Cost {
	c := Cost{Work: times(instructions, workOfInstruction)}
	if instructions > FewInstructions {
		c.Bytes = times(instructions, bytesOfInstruction)
	}
	return c
}

func (c Cost) plus(d Cost) Cost {
	return Cost{add(c.Work, d.Work), add(c.Bytes, d.Bytes), c.Loose || d.Loose}
}

// regexOnce is the price of a function that matches a text once.
func regexOnce(expression, subject int) price {
	return func(p *Prices, args []*ast.Term) Cost {
		e, ok := args[expression].Value.(ast.String)
		if !ok {
			return Cost{}
		}
		n := p.pattern(string(e)).instructions
		return CompileCost(n).plus(RegexCost(n, int(text(args[subject]))))
	}
}

// regexMany is the price of a function that matches a text again behind each match, for which it may read all of the rest. So matches are
// counted, twice as many at a time, as long as that is affordable.
func regexMany(expression, subject int) price {
	return func(p *Prices, args []*ast.Term) Cost {
		e, ok1 := args[expression].Value.(ast.String)
		s, ok2 := args[subject].Value.(ast.String)
		if !ok1 || !ok2 {
			return Cost{}
		}
		known := p.pattern(string(e))
		once := times(known.instructions, int64(len(s))*4)
		c := CompileCost(known.instructions).plus(Cost{Work: once, Bytes: int64(len(s)), Loose: true})
		if known.instructions == 0 || c.Work > affordable {
			return c
		}
		if known.compiled == nil {
			var err error
			if known.compiled, err = regexp.Compile(string(e)); err != nil {
				return c
			}
			p.patterns[string(e)] = known
		}
		matches := 0
		for most := 4; ; most *= 4 {
			found := len(known.compiled.FindAllStringIndex(string(s), most))
			c.Work = add(c.Work, times(once, int64(found-matches)))
			matches = found
			if found < most {
				break
			}
			if c.Work > affordable { // there may be as many as bytes
				c.Work = times(once, int64(len(s)))
				break
			}
		}
		groups := int64(known.compiled.NumSubexp() + 1)
		c.Bytes = add(c.Bytes, times(int64(matches)+1, times(groups, 3*BytesOfElement)))
		if len(args) > 2 { // the replacement, which may hold the match several times
			replaced := times(text(args[2])+1, int64(len(s)))
			c.Bytes = add(c.Bytes, min(replaced, times(int64(matches)+1, add(text(args[2]), times(text(args[2]), int64(len(s)))))))
		}
		return c
	}
}

// affordable is the work up to which matches are counted.
const affordable = 1 << 28
