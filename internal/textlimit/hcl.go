package textlimit

import (
	"bytes"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Bounds of a file of HCL.
const (
	MaxHCLBytes   = 4 << 20
	MaxHCLTokens  = 1_000_000
	MaxHCLNesting = 500   // brackets, templates and operators within each other
	MaxHCLLines   = 1_000 // of one heredoc: the parser takes quadratic time and memory
	maxHCLIllegal = 20    // characters: each is a problem by itself, printed with its line
)

// HCL returns the first bound that a file of HCL passes, or nil. It cuts the text into tokens as HCL's
// parser does.
func HCL(text []byte) *Problem {
	if p := HCLSize(text); p != nil {
		return p
	}
	list, _ := hclsyntax.LexConfig(text, "", hcl.InitialPos) // the parser reports the same again
	return hclTokens(list)
}

// HCLSize is HCL for those bounds that hold before a text is cut into tokens, each of which takes a hundred bytes.
func HCLSize(text []byte) *Problem {
	if p := tooLarge(text, MaxHCLBytes); p != nil {
		return p
	}
	if _, at := marks(text, MaxHCLTokens); at >= 0 {
		return problem(text, at, at, "Text too long", "A file of HCL has up to %d words and marks: split it.", MaxHCLTokens)
	}
	return nil
}

// Marks returns how many words, numbers and other characters a text has. What stands in strings and comments counts, too.
func Marks(text []byte) int {
	n, _ := marks(text, len(text))
	return n
}

// marks counts the words and other characters of a text, and returns where it has more than so many, or -1.
func marks(text []byte, most int) (n, beyond int) {
	inWord := false
	for i, c := range text {
		space := c == ' ' || c == '\t' || c == '\r' || c == '\n'
		word := letter(c) || digit(c) || c >= utf8.RuneSelf
		if !space && (!word || !inWord) {
			if n++; n > most {
				return n, i
			}
		}
		inWord = word
	}
	return n, -1
}

// hclScan is the state of one scan. Its depth counts operators, and brackets side by side, until the next item of a
// body or list: !!!x and x[0][0][0] nest without brackets in each other.
type hclScan struct {
	depth   int
	levels  []hclLevel
	illegal int
	lines   int // of a heredoc so far
}

type hclLevel struct {
	depth int
	lines bool // a line is an item
}

func hclTokens(tokens hclsyntax.Tokens) *Problem {
	s := hclScan{levels: []hclLevel{{lines: true}}}
	for _, t := range tokens {
		s.token(t)
		switch {
		case s.depth > MaxHCLNesting:
			return hclProblem(t, "Nested too deeply", "Brackets, templates and operators nest up to 500 deep: split the expression.")
		case t.Type == hclsyntax.TokenNumberLit && (len(t.Bytes) > maxNumber || longExponent(t.Bytes)):
			return hclProblem(t, "Number too long", "A number has up to 100 characters, and an exponent of up to 3 digits: write it as a text.")
		case s.lines > MaxHCLLines:
			return hclProblem(t, "Text too long", "A text in a file of HCL has up to 1,000 lines: shorten it.")
		case t.Type == hclsyntax.TokenIdent && len(t.Bytes) > maxWord:
			return hclProblem(t, "Name too long", "A name has up to 1000 characters.")
		case s.illegal > maxHCLIllegal:
			return hclProblem(t, "Illegal characters", "Here, and at 20 places before, stand characters that HCL does not allow: write the file as UTF-8 text.")
		}
	}
	return nil
}

func (s *hclScan) token(t hclsyntax.Token) {
	current := &s.levels[len(s.levels)-1]
	if t.Type == hclsyntax.TokenOHeredoc {
		s.lines = 0
	}
	switch t.Type {
	case hclsyntax.TokenOBrace, hclsyntax.TokenOBrack, hclsyntax.TokenOParen, hclsyntax.TokenOQuote, hclsyntax.TokenOHeredoc,
		hclsyntax.TokenTemplateInterp, hclsyntax.TokenTemplateControl:
		s.depth++
		s.levels = append(s.levels, hclLevel{s.depth, t.Type == hclsyntax.TokenOBrace})
	case hclsyntax.TokenCBrace, hclsyntax.TokenCBrack, hclsyntax.TokenCParen, hclsyntax.TokenCQuote, hclsyntax.TokenCHeredoc,
		hclsyntax.TokenTemplateSeqEnd:
		if len(s.levels) > 1 {
			s.depth, s.levels = current.depth, s.levels[:len(s.levels)-1]
		}
	case hclsyntax.TokenComma:
		s.depth = current.depth
	case hclsyntax.TokenNewline:
		if current.lines {
			s.depth = current.depth
		}
	case hclsyntax.TokenIdent:
		if bytes.Equal(t.Bytes, []byte("for")) && len(s.levels) > 1 {
			current.lines = false // {for ...} is one expression
		}
	case hclsyntax.TokenStringLit:
		s.lines++
	case hclsyntax.TokenComment, hclsyntax.TokenNumberLit, hclsyntax.TokenQuotedLit, hclsyntax.TokenEqual:
	case hclsyntax.TokenInvalid, hclsyntax.TokenBadUTF8, hclsyntax.TokenQuotedNewline, hclsyntax.TokenTabs,
		hclsyntax.TokenApostrophe, hclsyntax.TokenBacktick, hclsyntax.TokenSemicolon:
		s.illegal++
		s.depth++
	default:
		s.depth++ // an operator
	}
}

// longExponent reports whether a number has an exponent of more than three digits: written out, it is long.
func longExponent(number []byte) bool {
	i := bytes.IndexAny(number, "eE")
	return i >= 0 && len(bytes.TrimLeft(number[i+1:], "+-0")) > 3
}

func hclProblem(t hclsyntax.Token, summary, detail string) *Problem {
	at := func(p hcl.Pos) Position { return Position{p.Byte, p.Line, p.Column} }
	return &Problem{at(t.Range.Start), at(t.Range.End), summary, detail}
}
