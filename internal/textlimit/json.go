package textlimit

// Bounds of a JSON document that people write, such as the schema of a dataset.
const (
	MaxJSONBytes   = 1 << 20
	MaxJSONNesting = 64
	MaxJSONName    = 200   // bytes of the name of a member
	MaxJSONText    = 64000 // bytes of any other string
	MaxJSONTokens  = 200_000
)

// JSON returns the first bound that a document passes, or nil. It is not a check of the grammar.
func JSON(text []byte) *Problem {
	if p := tooLarge(text, MaxJSONBytes); p != nil {
		return p
	}
	depth, tokens := 0, 0
	for i := 0; i < len(text); {
		begin := i
		switch text[i] {
		case ' ', '\t', '\r', '\n':
			i++
			continue
		case '"':
			i = jsonString(text, i+1)
			if p := boundString(text, begin, i); p != nil {
				return p
			}
		case '{', '[':
			if i++; depth == MaxJSONNesting {
				return problem(text, begin, i, "Nested too deeply", "Objects and lists lie in each other up to %d times.", MaxJSONNesting)
			}
			depth++
		case '}', ']':
			i++
			depth = max(depth-1, 0)
		case ',', ':':
			i++
			continue
		default:
			for i++; i < len(text) && !jsonMark(text[i]); i++ {
			}
			if i-begin > maxNumber {
				return problem(text, begin, i, "Number too long", "A number has up to %d characters.", maxNumber)
			}
		}
		if tokens++; tokens > MaxJSONTokens {
			return problem(text, begin, i, "Text too long", "A document has up to %d names, values and brackets.", MaxJSONTokens)
		}
	}
	return nil
}

// jsonString returns the end of a string that begins before an offset.
func jsonString(text []byte, i int) int {
	for i < len(text) && text[i] != '"' {
		if text[i] == '\\' {
			i++
		}
		i++
	}
	return min(i+1, len(text))
}

// boundString bounds a string, and more so if it is a name.
func boundString(text []byte, begin, end int) *Problem {
	if end-begin <= MaxJSONName {
		return nil
	}
	next := end
	for next < len(text) && (text[next] == ' ' || text[next] == '\t' || text[next] == '\r' || text[next] == '\n') {
		next++
	}
	switch named := next < len(text) && text[next] == ':'; {
	case named:
		return problem(text, begin, end, "Name too long", "The name of a field has up to %d bytes.", MaxJSONName)
	case end-begin > MaxJSONText:
		return problem(text, begin, end, "String too long", "A text has up to %d bytes.", MaxJSONText)
	}
	return nil
}

func jsonMark(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '"', '{', '}', '[', ']', ',', ':':
		return true
	}
	return false
}
