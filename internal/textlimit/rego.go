package textlimit

import "math"

// Bounds of a file of Rego, and of what is typed as Rego. Behind each stands what it keeps from growing.
const (
	MaxRegoBytes      = 1 << 20
	MaxRegoTokens     = 200_000
	MaxRegoNesting    = 200       // brackets, operators and steps of a reference within each other: stacks
	MaxRegoClosures   = 2_000_000 // tokens, each three times for every comprehension around it: types are checked again at each level
	MaxRegoStatements = 500       // expressions of one body, which are ordered by comparing each with each
	MaxRegoElse       = 500       // of a file
	MaxRegoRules      = 1_000     // of a file, with its imports: each is checked against the types of all
	MaxRegoImports    = 500       // of a file, which are compared each with each
	MaxRegoItems      = 500       // arguments of a call, names behind some, expressions in a string
	MaxRegoElements   = 10_000    // of one list, set or object: the planner counts the characters of all of it for each
	MaxRegoMetadata   = 16 << 10  // bytes of one block of metadata, which is YAML
	maxRegoIllegal    = 10        // characters: OPA reports each with all of its line
)

// Rego returns how many tokens a text of Rego has, or the first bound that it passes.
func Rego(text []byte) (tokens int, p *Problem) {
	if p := tooLarge(text, MaxRegoBytes); p != nil {
		return 0, p
	}
	s := &regoScan{lexer: newRegoLexer(text), levels: []regoLevel{{}}}
	for s.problem == nil {
		t := s.lexer.next()
		if s.token(t); t.kind == regoEnd {
			break
		}
	}
	return s.tokens, s.problem
}

// regoScan is the state of one scan.
type regoScan struct {
	lexer   *regoLexer
	levels  []regoLevel
	depth   int // of brackets and operators, up to the last token
	tokens  int
	elses   int
	imports int
	last    regoToken
	problem *Problem
}

// regoLevel is what stands between two brackets, or the file itself.
type regoLevel struct {
	open     byte // ( [ { or $ of an expression in a string
	raw      bool // that string is in backquotes
	depth    int  // at its beginning
	work     int  // of its tokens, see MaxRegoClosures
	closure  bool // it is a comprehension, the body of an every, or an expression in a string
	every    bool // the statement is an every: the next braces are a body
	some     bool // the statement is a some
	items    int  // arguments, or names behind some, so far
	parts    int  // expressions of the template string so far
	finished int  // statements so far
}

func (s *regoScan) refuse(t regoToken, summary, format string, args ...any) {
	if s.problem == nil {
		s.problem = problem(s.lexer.text, t.begin, t.end, summary, format, args...)
	}
}

// token counts a token. It goes on at closing brackets that don't match: the parser does not come
// further than that, and what follows counts as nested.
func (s *regoScan) token(t regoToken) {
	s.bounds(t)
	level := &s.levels[len(s.levels)-1]
	if t.newline && !s.continues(t) {
		s.endStatement(level)
	}
	level.work++
	switch t.kind {
	case regoOpen:
		s.open(regoLevel{open: s.lexer.text[t.begin], closure: s.lexer.text[t.begin] == '{' && level.every})
	case regoPart:
		s.open(regoLevel{open: '$', raw: t.raw, closure: true, parts: 1})
	case regoClose:
		s.shut(t)
	case regoComma:
		s.comma(t, level)
	case regoSemi:
		s.endStatement(level)
	case regoOperator:
		s.depth++
		level.closure = level.closure || s.lexer.text[t.begin] == '|' && (level.open == '[' || level.open == '{')
	case regoWord:
		s.word(t, level)
	}
	if s.depth > MaxRegoNesting {
		s.refuse(t, "Nested too deeply", "Brackets, operators and steps of a reference lie in each other up to %d times: give parts of the expression names, by rules or :=.", MaxRegoNesting)
	}
	s.last = t
}

// bounds counts what does not depend on brackets.
func (s *regoScan) bounds(t regoToken) {
	s.tokens++
	switch {
	case s.tokens > MaxRegoTokens:
		s.refuse(t, "Text too long", "A file of Rego has up to %d words and marks: split it.", MaxRegoTokens)
	case t.kind == regoNumber && t.end-t.begin > maxNumber:
		s.refuse(t, "Number too long", "A number has up to %d characters.", maxNumber)
	case t.kind == regoWord && t.end-t.begin > maxWord:
		s.refuse(t, "Name too long", "A name has up to %d characters.", maxWord)
	case s.lexer.illegal > maxRegoIllegal:
		s.refuse(t, "Illegal characters", "Here, and at %d places before, stand characters or escapes that Rego does not allow: write the file as UTF-8 text.", maxRegoIllegal)
	case s.lexer.longest > MaxRegoMetadata:
		at := regoToken{begin: s.lexer.longestAt, end: s.lexer.longestAt + len("# METADATA")}
		s.refuse(at, "Metadata too long", "One block of metadata has up to %d KiB: leave an empty line behind it, or shorten it.", MaxRegoMetadata>>10)
	}
}

// continues reports whether the first token of a line goes on with what stands before it.
func (s *regoScan) continues(t regoToken) bool {
	switch s.last.kind {
	case regoComma, regoOperator, regoOpen, regoPart, regoSemi:
		return true
	}
	switch t.kind {
	case regoOperator, regoComma, regoClose, regoSemi, regoEnd:
		return true
	case regoOpen:
		return s.lexer.text[t.begin] != '{'
	case regoWord:
		word := string(s.lexer.text[t.begin:t.end])
		return word == "in" || word == "with" || word == "else" || word == "if" || word == "contains"
	}
	return false
}

// endStatement ends an expression of a body, or a rule.
func (s *regoScan) endStatement(level *regoLevel) {
	s.depth = level.depth
	level.some, level.every = false, false
	if level.open == 0 {
		if level.finished++; level.finished > MaxRegoRules {
			s.refuse(s.last, "Too many rules", "A file has up to %d rules: split it.", MaxRegoRules)
		}
	}
	if level.open == '{' || level.open == '[' {
		level.items = 0
		if level.finished++; level.finished > MaxRegoStatements {
			s.refuse(s.last, "Too many expressions", "One body has up to %d expressions: split it into several rules.", MaxRegoStatements)
		}
	}
}

func (s *regoScan) open(level regoLevel) {
	s.depth++
	level.depth = s.depth
	s.levels = append(s.levels, level)
}

// closes reports whether a bracket closes one that is open; $ stands for an expression of a template string.
func closes(open, c byte) bool {
	switch open {
	case '$':
		return c == '}'
	case '(':
		return c == ')'
	}
	return open+2 == c
}

// shut ends a level, and goes on with the template string if it was an expression of one.
func (s *regoScan) shut(t regoToken) {
	level := s.levels[len(s.levels)-1]
	c := s.lexer.text[t.begin]
	if len(s.levels) == 1 || !closes(level.open, c) {
		s.depth++
		return
	}
	s.levels = s.levels[:len(s.levels)-1]
	s.depth = level.depth
	s.add(t, level)
	if level.open != '$' {
		return
	}
	if next := s.lexer.again(level.raw); next.kind == regoPart {
		if level.parts >= MaxRegoItems {
			s.refuse(next, "String too long", "A string has up to %d expressions in it: join several.", MaxRegoItems)
		}
		s.depth = level.depth - 1
		s.open(regoLevel{open: '$', raw: level.raw, closure: true, parts: level.parts + 1})
	}
}

// add adds the work of a level that ends to that of the one around it.
func (s *regoScan) add(t regoToken, level regoLevel) {
	around := &s.levels[len(s.levels)-1]
	factor := 1
	if level.closure {
		factor = 3
	}
	around.work += factor * min(level.work, math.MaxInt32)
	if around.work > MaxRegoClosures {
		s.refuse(t, "Too many comprehensions within each other", "What a comprehension, an every or an expression in a string costs is multiplied by each one around it: give inner ones names, by rules of their own.")
	}
}

// comma counts items, and begins the next.
func (s *regoScan) comma(t regoToken, level *regoLevel) {
	if level.open != 0 {
		s.depth = level.depth
	}
	switch level.items++; {
	case level.items > MaxRegoItems && (level.open == '(' || level.some):
		s.refuse(t, "Too many items", "A call has up to %d arguments, and some as many names.", MaxRegoItems)
	case level.items > MaxRegoElements && (level.open == '[' || level.open == '{'):
		s.refuse(t, "Too many elements", "A list, a set or an object in Rego has up to %d elements: make them a constant or a parameter of the control.", MaxRegoElements)
	}
}

// word counts the keywords that matter.
func (s *regoScan) word(t regoToken, level *regoLevel) {
	switch string(s.lexer.text[t.begin:t.end]) {
	case "some":
		level.some, level.items = true, 0
	case "every":
		level.every = true
	case "in", "not":
		s.depth++
	case "import":
		if s.imports++; s.imports > MaxRegoImports {
			s.refuse(t, "Too many imports", "A file has up to %d imports: split it, or leave out what it does not use.", MaxRegoImports)
		}
	case "with": // one after the other does not nest
		s.depth = level.depth
	case "else":
		s.depth = level.depth
		if s.elses++; s.elses > MaxRegoElse {
			s.refuse(t, "Too many else", "A file has up to %d else: write several rules, or look the value up in an object.", MaxRegoElse)
		}
	}
}
