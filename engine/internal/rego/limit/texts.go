package limit

import (
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"
)

// concat joins texts.
func concat(_ *Prices, args []*ast.Term) Cost {
	n, separator := length(args[1]), text(args[0])
	total := times(n, separator)
	elements(args[1], func(t *ast.Term) { total = add(total, text(t)) })
	return made(n*WorkOfElement/2, total)
}

// made is the cost of making a text.
func made(work, bytes int64) Cost {
	if bytes < SmallText {
		bytes = 0
	}
	return Cost{Work: add(work, bytes), Bytes: bytes}
}

// replace replaces a text wherever it occurs.
func replace(_ *Prices, args []*ast.Term) Cost {
	s, ok1 := args[0].Value.(ast.String)
	old, ok2 := args[1].Value.(ast.String)
	if !ok1 || !ok2 {
		return Cost{}
	}
	count := int64(strings.Count(string(s), string(old)))
	bytes := add(int64(len(s)), times(count, max(text(args[2])-int64(len(old)), 0)))
	work := int64(len(s)) * 2
	if len(old) > 1 && len(s) >= SmallText {
		work = add(work, times(int64(len(s)), int64(len(old)))/4)
	}
	if len(s) < SmallText && bytes < SmallText {
		work = 0
	}
	return made(work, bytes)
}

// replaceN replaces several texts, of which it makes a tree with a table at each byte.
func replaceN(_ *Prices, args []*ast.Term) Cost {
	patterns, ok := args[0].Value.(ast.Object)
	if !ok {
		return Cost{}
	}
	var keys, longestKey, longestValue int64
	patterns.Foreach(func(k, v *ast.Term) {
		keys += text(k)
		longestKey, longestValue = max(longestKey, text(k)), max(longestValue, text(v))
	})
	n := text(args[1])
	tree := times(keys, min(keys, 256)*8)
	return Cost{Work: add(tree, times(n+1, longestKey+4)), Bytes: add(tree, add(n, times(n+1, longestValue))), Loose: true}
}

// split makes an array of the parts of a text.
func split(_ *Prices, args []*ast.Term) Cost {
	s, ok1 := args[0].Value.(ast.String)
	by, ok2 := args[1].Value.(ast.String)
	if !ok1 || !ok2 {
		return Cost{}
	}
	return SplitCost(string(s), string(by))
}

// SplitCost is the cost of splitting a text.
func SplitCost(s, by string) Cost {
	var parts int64
	if by == "" {
		parts = int64(utf8.RuneCountInString(s))
	} else {
		parts = int64(strings.Count(s, by)) + 1
	}
	if len(s) < SmallText && parts <= SmallList {
		return Cost{}
	}
	return Cost{Work: add(int64(len(s)), parts*2*WorkOfElement), Bytes: parts * 2 * BytesOfElement}
}

// template joins the texts of values.
func template(_ *Prices, args []*ast.Term) Cost {
	s := weigh(args[0])
	if s.texts < SmallText && s.nodes < SmallText {
		return Cost{}
	}
	c := made(s.work*4, add(s.texts*4, s.nodes*4))
	c.Loose = true
	return c
}

// widest is the greatest width and precision that package fmt accepts.
const widest = 1_000_000

// sprintf writes values by a format, whose widths and precisions may be much longer than the values.
func sprintf(_ *Prices, args []*ast.Term) Cost {
	format, ok := args[0].Value.(ast.String)
	values, ok2 := args[1].Value.(*ast.Array)
	if !ok || !ok2 {
		return Cost{}
	}
	var all, longest, star int64
	values.Foreach(func(t *ast.Term) {
		n := written(t)
		all, longest = add(all, n), max(longest, n)
		star = max(star, width(t))
	})
	verbs, indexed, padding := layout(string(format), star)
	if indexed {
		all = add(all, times(verbs, longest))
	}
	bytes := add(add(int64(len(format)), padding), add(all, verbs*32))
	if bytes < 4*SmallText && values.Len() <= 8 {
		return Cost{}
	}
	return Cost{Work: add(bytes, all), Bytes: bytes, Loose: true}
}

// written returns how long a value may become: each byte may be quoted, and a number written by its exponent.
func written(t *ast.Term) int64 {
	switch v := t.Value.(type) {
	case ast.String:
		if len(v) < SmallText {
			return int64(len(v))
		}
		return int64(len(v)) * 6
	case ast.Number:
		if len(v) <= long {
			return int64(len(v))
		}
		return add(times(int64(len(v)), int64(len(v)))/64, int64(len(v))*8)
	}
	s := weigh(t)
	return add(s.texts*6, s.nodes*4)
}

// width returns the width that a value says for a "*".
func width(t *ast.Term) int64 {
	n, ok := t.Value.(ast.Number)
	if !ok {
		return 0
	}
	i, ok := n.Int64()
	if !ok {
		return widest
	}
	return min(max(i, -max(i, -widest)), widest)
}

// layout returns how many verbs a format has, whether they name their operands by index, and what all widths and precisions add up to.
func layout(format string, star int64) (verbs int64, indexed bool, padding int64) {
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		verbs++
		var n int64
		for i++; i < len(format); i++ {
			switch c := format[i]; {
			case c >= '0' && c <= '9':
				n = min(n*10+int64(c-'0'), widest)
				continue
			case c == '*':
				padding = add(padding, star)
				continue
			case c == '[':
				indexed = true
				n = 0
				continue
			case c == ']':
				n = 0
				continue
			case c == '.' || c == '+' || c == '-' || c == '#' || c == ' ':
				padding = add(padding, n)
				n = 0
				continue
			}
			break
		}
		padding = add(padding, n)
	}
	return verbs, indexed, padding
}
