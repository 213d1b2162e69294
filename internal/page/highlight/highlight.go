// Package highlight splits the text of policies into tokens for a style sheet: HCL and Rego.
//
// It does not parse: a text that is wrong is split, too, and its tokens always make the text again.
package highlight

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Language is a language of policies.
type Language int

// The languages.
const (
	HCL Language = iota
	Rego
)

// Class is what a token is.
type Class string

// The classes. Plain has no color.
const (
	Plain    Class = ""
	Comment  Class = "comment"
	String   Class = "string"
	Number   Class = "number"
	Constant Class = "constant"
	Keyword  Class = "keyword"
	Name     Class = "name" // of an attribute, a block, a rule or a function
)

// Token is a part of a text.
type Token struct {
	Class Class
	Text  string
}

// Tokens splits a text. Neighbors differ in their classes.
func Tokens(language Language, text string) []Token {
	s := scanner{language: language, source: text, rest: text, start: true}
	for s.rest != "" {
		s.next()
	}
	return s.tokens
}

// scanner goes through a text from left to right.
type scanner struct {
	language Language
	source   string
	rest     string // of the source
	start    bool   // nothing but blanks stands before it in its line
	tokens   []Token
}

// take makes the next n bytes a token.
func (s *scanner) take(class Class, n int) {
	text := s.rest[:n]
	s.rest = s.rest[n:]
	if last := len(s.tokens) - 1; last >= 0 && s.tokens[last].Class == class {
		at := len(s.source) - len(s.rest)
		s.tokens[last].Text = s.source[at-len(text)-len(s.tokens[last].Text) : at]
	} else {
		s.tokens = append(s.tokens, Token{class, text})
	}
	if at := strings.LastIndexByte(text, '\n'); at >= 0 {
		s.start = strings.TrimLeft(text[at+1:], " \t") == ""
	} else if strings.TrimLeft(text, " \t") != "" {
		s.start = false
	}
}

func (s *scanner) next() {
	first := s.rest[0]
	switch {
	case first == '#', s.language == HCL && strings.HasPrefix(s.rest, "//"):
		s.take(Comment, lineLength(s.rest))
	case s.language == HCL && strings.HasPrefix(s.rest, "/*"):
		s.take(Comment, through(s.rest, "*/", len("/*")))
	case first == '"':
		s.take(String, quoted(s.rest))
	case s.language == Rego && first == '`':
		s.take(String, through(s.rest, "`", 1))
	case s.language == HCL && strings.HasPrefix(s.rest, "<<"):
		s.take(String, heredoc(s.rest))
	case first >= '0' && first <= '9':
		s.take(Number, span(s.rest, func(r rune) bool { return r == '.' || r < utf8.RuneSelf && (unicode.IsDigit(r) || unicode.IsLetter(r)) }))
	case letter(rune(first)):
		n := span(s.rest, func(r rune) bool { return letter(r) || unicode.IsDigit(r) || s.language == HCL && r == '-' })
		s.take(s.class(s.rest[:n], s.rest[n:]), n)
	default:
		_, size := utf8.DecodeRuneInString(s.rest)
		s.take(Plain, size)
	}
}

// class returns what a word is.
func (s *scanner) class(word, after string) Class {
	switch word {
	case "true", "false", "null":
		return Constant
	}
	if s.language == HCL {
		if follows := strings.TrimLeft(after, " \t"); s.start && (strings.HasPrefix(follows, "\"") || strings.HasPrefix(follows, "{")) {
			return Keyword
		} else if strings.HasPrefix(follows, "=") && !strings.HasPrefix(follows, "==") {
			return Name
		}
		return Plain
	}
	switch word {
	case "package", "import", "as", "default", "not", "with", "some", "every", "in", "if", "contains", "else":
		return Keyword
	}
	if s.start || strings.HasPrefix(after, "(") {
		return Name
	}
	return Plain
}

func letter(r rune) bool { return r == '_' || r < utf8.RuneSelf && unicode.IsLetter(r) }

func span(text string, in func(rune) bool) int {
	if n := strings.IndexFunc(text, func(r rune) bool { return !in(r) }); n >= 0 {
		return n
	}
	return len(text)
}

func lineLength(text string) int {
	if n := strings.IndexByte(text, '\n'); n >= 0 {
		return n
	}
	return len(text)
}

// through returns the length of a text up to the end of a mark, which is searched from an index on.
func through(text, mark string, from int) int {
	if n := strings.Index(text[from:], mark); n >= 0 {
		return from + n + len(mark)
	}
	return len(text)
}

// quoted returns the length of a string in quotes. One that is not closed ends with its line.
func quoted(text string) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		case '\n':
			return i
		}
	}
	return len(text)
}

// heredoc returns the length of a text between <<WORD and a line that is WORD.
func heredoc(text string) int {
	head := lineLength(text)
	word := strings.TrimSpace(strings.TrimPrefix(text[len("<<"):head], "-"))
	if word == "" || !letter(rune(word[0])) || span(word, func(r rune) bool { return letter(r) || unicode.IsDigit(r) }) < len(word) {
		return len("<<")
	}
	for at := head; at < len(text); {
		at++ // the newline
		line := text[at : at+lineLength(text[at:])]
		at += len(line)
		if strings.TrimSpace(line) == word {
			return at
		}
	}
	return len(text)
}
