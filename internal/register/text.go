package register

import (
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/plaintext"
)

// shape is whether a text may have several lines.
type shape bool

const (
	oneLine   shape = false
	manyLines shape = true
)

// text reads an attribute that is a text; it is "" if it is absent or wrong.
func (d *decoder) text(p part, name string, most int, s shape) string {
	attribute, ok := p.Attributes[name]
	if !ok {
		return ""
	}
	return d.value(name, attribute.Expr, most, s)
}

func (d *decoder) value(name string, expr hcl.Expression, most int, s shape) string {
	template, ok := expr.(*hclsyntax.TemplateExpr)
	if !ok {
		d.errorf(expr.Range(), "Invalid "+name, "Write it as text in double quotes, or leave the attribute out.")
		return ""
	}
	value, diags := template.Value(nil)
	d.diags = append(d.diags, diags...)
	if diags.HasErrors() {
		return ""
	}
	text := value.AsString()
	if s == manyLines {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	}
	if !d.clean(expr.Range(), name, text, most, s) {
		return ""
	}
	return text
}

// clean refuses text that says nothing, says too much, or would not show as it reads: what is decided here is reviewed by people.
func (d *decoder) clean(at hcl.Range, name, text string, most int, s shape) bool {
	switch {
	case plaintext.Blank(text):
		d.errorf(at, "Empty "+name, "There is nothing in it: write something, or leave it out.")
	case utf8.RuneCountInString(text) > most:
		d.errorf(at, "Too long", "%s has %d characters; it may have %d.", subject(name), utf8.RuneCountInString(text), most)
	case strings.TrimSpace(text) != text:
		d.errorf(at, "Space around "+name, "Remove the space before or after the text.")
	case strings.ContainsFunc(text, func(r rune) bool { return hidden(r, s) }):
		d.errorf(at, "Control character", "%s has a character that steers a terminal or the direction of writing, or ends a line: remove it.", subject(name))
	default:
		return true
	}
	return false
}

// subject returns what a sentence about the value of an attribute begins with.
func subject(name string) string {
	switch name {
	case "tags":
		return "A tag"
	case "due":
		return "The due date"
	case "expires":
		return "The day on which it expires"
	case "approved_by":
		return "The name of who approved it"
	case "changed_by":
		return "The name of who changed it"
	}
	return "The " + name
}

// hidden reports whether a character shows as something else than itself.
func hidden(r rune, s shape) bool {
	return plaintext.Steers(r) && (s == oneLine || r != '\n' && r != '\t')
}

// checkComments refuses characters in comments that are refused in texts: a comment could make what follows it read as another text.
func checkComments(tokens hclsyntax.Tokens) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for _, t := range tokens {
		if t.Type != hclsyntax.TokenComment {
			continue
		}
		text := strings.ReplaceAll(string(t.Bytes), "\r\n", "\n")
		if strings.ContainsFunc(text, func(r rune) bool { return hidden(r, manyLines) }) {
			diags = append(diags, problem(t.Range, "Control character",
				"The comment has a character that steers a terminal or the direction of writing, or ends a line: remove it."))
		}
	}
	return diags
}
