package limit

import (
	"math"
	"strconv"

	"github.com/open-policy-agent/opa/v1/ast"
)

// linearNumbers is the price of an operation that visits the digits of two numbers: reading and writing them takes longer.
func linearNumbers(_ *Prices, args []*ast.Term) Cost {
	n := number(args[0]) + number(args[1])
	if n <= 2*long {
		return Cost{}
	}
	return Cost{Work: add(n, times(n, n)/256), Bytes: n}
}

func minus(p *Prices, args []*ast.Term) Cost {
	if _, ok := args[0].Value.(ast.Set); ok {
		return difference(p, args)
	}
	return linearNumbers(p, args)
}

// product2 is the price of an operation that takes each digit with each other one.
func product2(p *Prices, args []*ast.Term) Cost { return linearNumbers(p, args) }

// power2 is the price of a function that writes numbers out: that takes each digit with each other one.
func power2(_ *Prices, args []*ast.Term) Cost {
	var n int64
	for _, t := range args {
		n = add(n, number(t))
	}
	if n <= 2*long {
		return Cost{}
	}
	return Cost{Work: times(n, n) / 64, Bytes: times(n, 4)}
}

// product multiplies numbers one after another.
func product(_ *Prices, args []*ast.Term) Cost {
	var n, digits int64
	elements(args[0], func(t *ast.Term) {
		n++
		digits = add(digits, number(t))
	})
	c := Cost{Work: n * WorkOfElement}
	if digits > long {
		// Each step multiplies what has come together, half of it on average, by a number; in the end all of it is written.
		c.Work = add(c.Work, times(digits, digits)/64)
		c.Bytes = digits * 2
	}
	return c
}

// sum adds numbers to a total that is as long as the longest.
func sum(_ *Prices, args []*ast.Term) Cost {
	var n, digits, longest int64
	elements(args[0], func(t *ast.Term) {
		n++
		d := number(t)
		digits, longest = add(digits, d), max(longest, d)
	})
	c := Cost{Work: add(n*WorkOfElement, digits)}
	if longest > long {
		c.Work = add(c.Work, add(times(n, longest), times(longest, times(longest, n))/256))
		c.Bytes = longest * 4
	}
	return c
}

// numbersRange makes an array of numbers.
func numbersRange(_ *Prices, args []*ast.Term) Cost {
	from, to, step := float(args[0]), float(args[1]), 1.0
	if len(args) > 2 {
		step = max(float(args[2]), 1)
	}
	count := math.Abs(to-from)/step + 1
	if math.IsNaN(count) || count > most {
		count = most
	}
	each := add(4*WorkOfElement, (number(args[0])+number(args[1]))*2)
	return Cost{Work: times(int64(count), each), Bytes: times(int64(count), 3*BytesOfElement)}
}

func float(t *ast.Term) float64 {
	n, ok := t.Value.(ast.Number)
	if !ok {
		return 0
	}
	f, err := strconv.ParseFloat(string(n), 64)
	if err != nil && f == 0 {
		return math.Inf(1)
	}
	return f
}

// amount is the price of reading a number with a unit: an exponent counts as digits.
func amount(_ *Prices, args []*ast.Term) Cost {
	s, ok := args[0].Value.(ast.String)
	if !ok {
		return Cost{}
	}
	n := int64(len(s))
	for i := range len(s) {
		if s[i] != 'e' && s[i] != 'E' {
			continue
		}
		end := i + 1
		for end < len(s) && (s[end] == '+' || s[end] == '-' || s[end] >= '0' && s[end] <= '9') {
			end++
		}
		exponent, err := strconv.ParseInt(string(s[i+1:end]), 10, 64)
		if err != nil {
			exponent = 0
			if end > i+19 {
				exponent = most
			}
		}
		n = add(n, max(exponent, -max(exponent, -most)))
	}
	if n <= 2*long {
		return Cost{}
	}
	return Cost{Work: times(n, n) / 64, Bytes: times(n, 4)}
}
