package textlimit

import (
	"slices"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/internal/must"
)

// FuzzRego compares the scanner with OPA's: what OPA can parse has the same strings and comments here, and
// closed brackets. What passes the bounds can be parsed without harm.
func FuzzRego(f *testing.F) {
	for _, text := range []string{
		"x := \"a\\\"b\" # c\n", "x := `a\n# b`\n", "x := $\"a{input.a}b{$`c{1}`}\" # d\n", "x := $\"\\{a\" + \"\\u00e4\"\n", "# a\r\nx if {\r\n\ttrue # b\n}\n",
		"x := [a | some a in {1, 2}; a > 1.5e-3]\n", "x := {\"{\": \"}\"}[`{`]\n", "x := $\"{\"}\"}{{1: \"{\"}[1]}\"\n", "\uFEFFx := 1\n", "x := \"\\u12\"\"\n",
	} {
		f.Add("package a\n\n" + text)
	}
	for _, open := range []string{"[", "(", "{", "$\"{", "not ", "1 + ", "[y | y := ", "input[", "{1: ", "every x in [1] { ", "\"", "`", "#", "\x00", "1"} {
		f.Add("package a\n\nx := " + strings.Repeat(open, 10_000))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, problem := Rego([]byte(text)); problem != nil {
			return
		}
		module, err := ast.ParseModuleWithOpts("a.rego", text, ast.ParserOptions{RegoVersion: ast.RegoV1})
		if err != nil || module == nil {
			return
		}
		texts, comments, open := scanned([]byte(text))
		if open != 0 {
			t.Errorf("%d brackets are open", open)
		}
		for _, comment := range module.Comments {
			comments = slices.DeleteFunc(comments, func(at int) bool { return at == comment.Location.Offset })
		}
		if len(comments) > 0 {
			t.Errorf("no comments are at %v", comments)
		}
		for _, literal := range literals(module) {
			if at := literal.Location; texts[at.Offset] != string(at.Text) {
				t.Errorf("at %d stands %q and not %q", at.Offset, at.Text, texts[at.Offset])
			}
		}
	})
}

// scanned returns the strings of a text by their offsets, the offsets of comments, and how many brackets are open in the end.
func scanned(text []byte) (texts map[int]string, comments []int, open int) {
	s := &regoScan{lexer: newRegoLexer(text), levels: []regoLevel{{}}}
	texts = map[int]string{}
	for {
		before := s.lexer.at
		t := s.lexer.next()
		for i := before; i < t.begin; i++ {
			if text[i] == '#' {
				comments = append(comments, i)
				i += strings.IndexByte(string(text[i:t.begin])+"\n", '\n')
			}
		}
		if t.kind == regoText {
			texts[t.begin] = string(text[t.begin:t.end])
		}
		if s.token(t); t.kind == regoEnd {
			return texts, comments, len(s.levels) - 1
		}
	}
}

// literals returns the strings of a module that are written in quotes, without expressions.
func literals(module *ast.Module) (found []*ast.Term) {
	ast.WalkTerms(module, func(term *ast.Term) bool {
		if _, ok := term.Value.(ast.String); ok && term.Location != nil {
			if text := string(term.Location.Text); strings.HasPrefix(text, `"`) || strings.HasPrefix(text, "`") {
				found = append(found, term)
			}
		}
		return false
	})
	return found
}

func TestRegoAgrees(t *testing.T) {
	t.Parallel()
	const text = "package a\n\nx := \"#\" # one\ny := $\"{`}`}\"\n"
	texts, comments, open := scanned([]byte(text))
	module := must.Get(ast.ParseModule("a.rego", text))(t)
	if len(texts) != 2 || len(comments) != 1 || open != 0 || len(literals(module)) < 1 {
		t.Errorf("strings %v, comments %v, %d brackets open, literals %v", texts, comments, open, literals(module))
	}
}
