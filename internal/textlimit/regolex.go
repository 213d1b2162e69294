package textlimit

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// Invariant: strings, comments and template strings begin and end here where they do in OPA's scanner,
// in texts with mistakes, too: otherwise brackets could hide in them. A fuzz test compares the two.

// regoKind is the kind of a token of Rego, as far as bounds depend on it.
type regoKind byte

const (
	regoEnd      regoKind = iota
	regoWord              // a name or keyword
	regoNumber            // without a sign
	regoText              // a string without expressions
	regoOpen              // ( [ {
	regoClose             // ) ] }
	regoPart              // a part of a template string that ends with {
	regoLast              // a part of a template string that ends it
	regoComma             //
	regoSemi              // ;
	regoOperator          // any other character
)

// regoToken is a token with its place.
type regoToken struct {
	kind       regoKind
	begin, end int
	newline    bool // it is the first of a line
	raw        bool // it is a part of a template string in backquotes
}

// regoLexer cuts a text into tokens, as OPA's scanner does.
type regoLexer struct {
	text    []byte
	at      int
	illegal int // characters and escapes that OPA refuses so far

	// metadata is where the block of comments begins that is read as YAML, or -1. It ends with the
	// first line that is no comment; longest is the longest so far.
	metadata, longest, longestAt int
}

func newRegoLexer(text []byte) *regoLexer {
	l := &regoLexer{text: text, metadata: -1}
	if bytes.HasPrefix(text, []byte(bom)) {
		l.at = len(bom)
	}
	return l
}

const bom = "\uFEFF"

// next returns the next token. Behind an expression of a template string, again continues that.
func (l *regoLexer) next() regoToken {
	newline := l.skip()
	t := regoToken{begin: l.at, newline: newline}
	if l.at >= len(l.text) {
		t.end = l.at
		return t
	}
	c := l.text[l.at]
	switch {
	case letter(c):
		t.kind = regoWord
		l.word()
	case digit(c):
		t.kind = regoNumber
		l.number()
	default:
		l.advance()
		t.kind, t.raw = l.mark(c)
	}
	t.end = l.at
	return t
}

// mark scans what begins with a character that is no letter, digit or space.
func (l *regoLexer) mark(c byte) (kind regoKind, raw bool) {
	switch c {
	case '"':
		l.quoted(false)
		return regoText, false
	case '`':
		l.backquoted(false)
		return regoText, false
	case '$':
		if l.at < len(l.text) && (l.text[l.at] == '"' || l.text[l.at] == '`') {
			raw = l.text[l.at] == '`'
			l.at++
			return l.template(raw), raw
		}
		l.illegal++
	case '(', '[', '{':
		return regoOpen, false
	case ')', ']', '}':
		return regoClose, false
	case ',':
		return regoComma, false
	case ';':
		return regoSemi, false
	}
	return regoOperator, false
}

// again continues a template string behind an expression.
func (l *regoLexer) again(raw bool) regoToken {
	t := regoToken{begin: l.at, raw: raw}
	t.kind = l.template(raw)
	t.end = l.at
	return t
}

// template scans a part of a template string.
func (l *regoLexer) template(raw bool) regoKind {
	scan := l.quoted
	if raw {
		scan = l.backquoted
	}
	if scan(true) {
		return regoPart
	}
	return regoLast
}

// quoted scans up to the end of a string, or up to the { of an expression: it returns true then.
func (l *regoLexer) quoted(template bool) bool {
	for {
		if l.at >= len(l.text) || l.text[l.at] == '\n' {
			l.illegal++
			return false
		}
		c := l.text[l.at]
		l.advance()
		switch {
		case c == '"':
			return false
		case c == '{' && template:
			return true
		case c == '\\':
			l.escape(template)
		}
	}
}

func (l *regoLexer) escape(template bool) {
	if l.at >= len(l.text) {
		l.illegal++
		return
	}
	switch c := l.text[l.at]; c {
	case '\\', '"', '/', 'b', 'f', 'n', 'r', 't':
		l.at++
	case 'u':
		l.at++
		for range 3 { // OPA does not look at them either, and the fourth may end the string
			l.advance()
		}
	default:
		if template && c == '{' {
			l.at++
		} else {
			l.illegal++
		}
	}
}

// backquoted scans up to the end of a raw string, or up to the { of an expression: it returns true then.
func (l *regoLexer) backquoted(template bool) bool {
	for l.at < len(l.text) {
		c := l.text[l.at]
		l.advance()
		switch {
		case c == '`':
			return false
		case c == '{' && template:
			return true
		case c == '\\' && template && l.at < len(l.text) && l.text[l.at] == '{':
			l.at++
		}
	}
	l.illegal++
	return false
}

// skip passes over spaces and comments, and reports whether a line ended.
func (l *regoLexer) skip() (newline bool) {
	for l.at < len(l.text) {
		switch l.text[l.at] {
		case ' ', '\t', '\r':
		case '\n':
			newline = true
		case '#':
			l.comment()
			continue
		default:
			l.endComments(l.at)
			return newline
		}
		l.at++
	}
	l.endComments(l.at)
	return newline
}

// comment scans up to the end of the line.
func (l *regoLexer) comment() {
	begin := l.at
	for l.at < len(l.text) && l.text[l.at] != '\n' {
		l.advance()
	}
	if l.metadata < 0 && bytes.HasPrefix(bytes.TrimSpace(l.text[begin+1:l.at]), []byte("METADATA")) {
		l.metadata = begin
	}
}

// endComments notes how long a block of metadata was that ends before an offset.
func (l *regoLexer) endComments(at int) {
	if l.metadata >= 0 && at-l.metadata > l.longest {
		l.longest, l.longestAt = at-l.metadata, l.metadata
	}
	l.metadata = -1
}

func (l *regoLexer) word() {
	for l.at < len(l.text) {
		if c := l.text[l.at]; c < utf8.RuneSelf {
			if !letter(c) && !digit(c) {
				return
			}
			l.at++
			continue
		}
		r, size := utf8.DecodeRune(l.text[l.at:])
		if !unicode.IsDigit(r) {
			return
		}
		l.at += size
	}
}

// number scans a number, with the letters that make it an illegal one.
func (l *regoLexer) number() {
	l.digits()
	if l.at < len(l.text) && l.text[l.at] == '.' {
		l.at++
		l.digits()
	}
	if l.at < len(l.text) && l.text[l.at]|0x20 == 'e' {
		l.at++
		if l.at < len(l.text) && (l.text[l.at] == '+' || l.text[l.at] == '-') {
			l.at++
		}
		l.digits()
	}
	if l.at < len(l.text) && letter(l.text[l.at]) {
		l.word()
	}
}

func (l *regoLexer) digits() {
	for l.at < len(l.text) && digit(l.text[l.at]) {
		l.at++
	}
}

// advance passes over one character, and counts those that OPA refuses.
func (l *regoLexer) advance() {
	if l.at >= len(l.text) {
		return
	}
	if c := l.text[l.at]; c < utf8.RuneSelf {
		if l.at++; c == 0 {
			l.illegal++
		}
		return
	}
	r, size := utf8.DecodeRune(l.text[l.at:])
	if r == utf8.RuneError && size == 1 || string(r) == bom {
		l.illegal++
	}
	l.at += size
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' }

func digit(c byte) bool { return '0' <= c && c <= '9' }
