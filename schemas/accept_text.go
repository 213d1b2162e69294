package schemas

import (
	"github.com/posture-score/posture/internal/jsonscan"
)

// Invariant: an index that these functions return is behind a value that the schema allows; where that
// is not certain it is negative. Of members with the same name every one has to be valid, and so the
// last one is, which counts.

const unsure = -1

// acceptsText reports whether the schema certainly allows b, which is well-formed JSON.
func (a *acceptor) acceptsText(b []byte) bool {
	i := a.match(b, jsonscan.SkipSpace(b, 0))
	return i >= 0 && jsonscan.SkipSpace(b, i) == len(b)
}

// match returns the index behind the value at i, if the schema allows it.
func (a *acceptor) match(b []byte, i int) int {
	if a == nil || uint(i) >= uint(len(b)) { // i may be negative
		return unsure
	}
	if a.anything {
		return matchAny(b, i)
	}
	end := a.matchKind(b, i)
	if end >= 0 && a.rules != nil && !a.rules.matchText(b, i, end) {
		return unsure
	}
	return end
}

// matchKind is match without the rules.
func (a *acceptor) matchKind(b []byte, i int) int {
	switch b[i] {
	case '"':
		return a.matchString(b, i)
	case '{':
		return a.matchObject(b, i)
	case '[':
		return a.matchArray(b, i)
	case 'n':
		return a.matchLiteral(b, i, kindNull)
	case 't', 'f':
		return a.matchLiteral(b, i, kindBoolean)
	}
	end := matchNumber(b, i)
	if end < 0 || !allowsNumber(a, b[i:end]) {
		return unsure
	}
	return end
}

func (a *acceptor) matchLiteral(b []byte, i int, kind kinds) int {
	if !a.allows(kind) {
		return unsure
	}
	return jsonscan.Literal(b, i)
}

// matchString does not unquote: a string with escapes matches only where its content makes no difference.
func (a *acceptor) matchString(b []byte, i int) int {
	end, escaped := jsonscan.String(b, i)
	if end < 0 {
		return unsure
	}
	if escaped {
		if a.allows(kindText) && a.enum == nil && !a.instant && a.pattern == nil && a.minLength <= 1 && !mayBeCutOff(b[i+1:end-1]) {
			return end
		}
		return unsure
	}
	var buffer []byte
	if text := b[i+1 : end-1]; !allowsText(a, text) || a.pattern != nil && !a.pattern.Match(a.fold.Text(text, &buffer)) {
		return unsure
	}
	return end
}

func (a *acceptor) matchArray(b []byte, i int) int {
	if !a.allows(kindArray) {
		return unsure
	}
	i = jsonscan.SkipSpace(b, i+1)
	if i < len(b) && b[i] == ']' {
		return i + 1
	}
	for more := true; more; {
		if i = a.items.match(b, i); i < 0 {
			return unsure
		}
		i, more = jsonscan.Next(b, i, ']')
	}
	return i
}

// matchObject is not certain of a name with escapes.
func (a *acceptor) matchObject(b []byte, i int) int {
	if !a.allows(kindObject) {
		return unsure
	}
	seen, start := uint64(0), i
	i = jsonscan.SkipSpace(b, i+1)
	more := i < len(b) && b[i] != '}'
	if !more {
		i++
	}
	for more {
		end, escaped := jsonscan.Name(b, i)
		if end < 0 || escaped {
			return unsure
		}
		field, known := a.fields[string(b[i+1:end-1])]
		i = jsonscan.Colon(b, end)
		switch {
		case known:
			i = field.shape.match(b, i)
		case a.closed:
			return unsure
		case a.rest != nil:
			i = a.rest.match(b, i)
		default:
			i = matchAny(b, i)
		}
		if i < 0 {
			return unsure
		}
		seen |= field.mark
		i, more = jsonscan.Next(b, i, '}')
	}
	if seen&a.required != a.required || a.rules != nil && !a.rules.matchMembers(b, start, seen) {
		return unsure
	}
	return i
}

// maxAny is how deep the values are that no schema describes: what is deeper is not certain.
const maxAny = 100

// matchAny matches any value whose numbers are representable.
func matchAny(b []byte, i int) int {
	for depth := 0; i >= 0 && i < len(b); {
		switch b[i] {
		case ' ', '\n', '\r', '\t', ',', ':':
			i++
			continue
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case '"':
			i, _ = jsonscan.String(b, i)
		case 't', 'f', 'n':
			i = jsonscan.Literal(b, i)
		default:
			i = matchNumber(b, i)
		}
		if depth <= 0 {
			return i
		}
		if depth > maxAny {
			return unsure
		}
	}
	return unsure
}

// matchNumber matches a number that is in range.
func matchNumber(b []byte, i int) int {
	end, simple := jsonscan.Number(b, i)
	if end < 0 || !simple && !jsonscan.InRange(b[i:end]) {
		return unsure
	}
	return end
}
