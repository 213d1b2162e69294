package literal

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/posture-score/posture/internal/plaintext"
	"github.com/posture-score/posture/internal/score"
)

// Text reads an attribute that is a line of text, of at most so many characters; it is "" if it is absent or wrong.
func (b *Block) Text(name string, most int) string {
	a := b.attribute(name)
	if a == nil {
		return ""
	}
	return b.text(name, a.Expr, most)
}

func (b *Block) text(name string, expr hcl.Expression, most int) string {
	text, ok := written(expr)
	if !ok {
		b.file.errorf(expr.Range(), "Invalid "+name, "Write it as text in double quotes: nothing in this file is computed.")
		return ""
	}
	if what := wrong(text, most); what != "" {
		b.file.errorf(expr.Range(), "Invalid "+name, "%s", what)
		return ""
	}
	return text
}

// written returns a text that stands in the file as it is.
func written(expr hcl.Expression) (string, bool) {
	template, ok := expr.(*hclsyntax.TemplateExpr)
	if !ok {
		return "", false
	}
	for _, part := range template.Parts {
		if _, ok := part.(*hclsyntax.LiteralValueExpr); !ok {
			return "", false
		}
	}
	value, diags := template.Value(nil)
	if diags.HasErrors() {
		return "", false
	}
	return value.AsString(), true
}

// wrong says what is wrong with a line of text, or "".
func wrong(text string, most int) string {
	switch {
	case plaintext.Blank(text):
		return "There is nothing in it: write something, or leave it out."
	case utf8.RuneCountInString(text) > most:
		return "It has " + strconv.Itoa(utf8.RuneCountInString(text)) + " characters, and may have " + strconv.Itoa(most) + "."
	case strings.TrimSpace(text) != text:
		return "Remove the space before or after the text."
	case strings.ContainsFunc(text, plaintext.Steers):
		return "It has a character that steers a terminal or the direction of writing, or ends a line: remove it."
	}
	return ""
}

// Texts reads an attribute that is a list of texts; it is nil if it is absent or wrong.
func (b *Block) Texts(name string, items, most int) []string {
	a := b.attribute(name)
	if a == nil {
		return nil
	}
	list, ok := a.Expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		b.file.errorf(a.Expr.Range(), "Invalid "+name, `Write it as a list of texts, as in ["a", "b"].`)
		return nil
	}
	if len(list.Exprs) > items {
		b.file.errorf(list.Range(), "Invalid "+name, "The list has %d items, and may have %d.", len(list.Exprs), items)
		return nil
	}
	texts := []string{}
	seen := map[string]bool{}
	for _, expr := range list.Exprs {
		text := b.text(name, expr, most)
		if text != "" && seen[text] {
			b.file.errorf(expr.Range(), "Invalid "+name, "%.60q stands in the list already: remove one of the two.", text)
		}
		seen[text] = true
		texts = append(texts, text)
	}
	return texts
}

// number returns the digits of an attribute that is a number or another word without quotes, as it is written; ok is false if it is absent or
// has not that form.
func (b *Block) number(name, wanted string, form *regexp.Regexp) (digits string, ok bool) {
	a := b.attribute(name)
	if a == nil {
		return "", false
	}
	at := a.Expr.Range()
	digits = string(b.file.text[at.Start.Byte:at.End.Byte])
	if form.MatchString(digits) {
		return digits, true
	}
	hint := ""
	if text, ok := written(a.Expr); ok && form.MatchString(text) {
		hint = ", without quotes"
	}
	b.file.errorf(at, "Invalid "+name, "It has to be %s%s; it is %.60s.", wanted, hint, shown(digits))
	return "", false
}

// shown returns source that is safe to print in one line.
func shown(source string) string {
	quoted := strconv.Quote(source)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}

var (
	whole   = regexp.MustCompile(`^[0-9]{1,12}$`)
	decimal = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,2})?$`)

	truthValue = regexp.MustCompile(`^(true|false)$`)
)

// Count reads an attribute that is a whole number from least to most; ok is false if it is absent or wrong.
func (b *Block) Count(name string, least, most int64) (count int64, ok bool) {
	wanted := "a whole number from " + strconv.FormatInt(least, 10) + " to " + strconv.FormatInt(most, 10)
	digits, ok := b.number(name, wanted, whole)
	if !ok {
		return 0, false
	}
	count, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || count < least || count > most {
		b.Problem(name, "Invalid "+name, "It has to be %s; it is %s.", wanted, digits)
		return 0, false
	}
	return count, true
}

// Bool reads an attribute that is true or false; ok is false if it is absent or wrong.
func (b *Block) Bool(name string) (truth, ok bool) {
	word, ok := b.number(name, "true or false", truthValue)
	return word == "true", ok
}

// Percent reads an attribute that is a percentage from 0 to 100 with up to two decimals, in hundredths; ok is false if it is
// absent or wrong.
func (b *Block) Percent(name string) (percent score.Points, ok bool) {
	const wanted = "a percentage from 0 to 100, such as 80 or 62.5"
	digits, ok := b.number(name, wanted, decimal)
	if !ok {
		return 0, false
	}
	before, after, _ := strings.Cut(digits, ".")
	hundredths, err := strconv.ParseInt(before+(after + "00")[:2], 10, 64)
	if err != nil || score.Points(hundredths) > score.Full {
		b.Problem(name, "Invalid "+name, "It has to be %s; it is %s.", wanted, digits)
		return 0, false
	}
	return score.Points(hundredths), true
}

// Date reads an attribute that is a day, such as "2026-12-31", and returns its first moment in UTC; it is zero if it is absent or wrong.
func (b *Block) Date(name string) time.Time {
	text := b.Text(name, maxWord)
	if text == "" {
		return time.Time{}
	}
	day, err := time.Parse(time.DateOnly, text)
	switch {
	case err != nil:
		b.Problem(name, "Invalid "+name, "%.60q is no date: write one such as 2026-12-31.", text)
	case day.Year() < 1970 || day.Year() > 2999:
		b.Problem(name, "Invalid "+name, "The year of %q is far off: it has to be between 1970 and 2999.", text)
	default:
		return day
	}
	return time.Time{}
}

// Time reads an attribute that is a moment as in RFC 3339, such as "2026-12-31T18:00:00Z", and returns it in UTC; it is zero if it is absent
// or wrong.
func (b *Block) Time(name string) time.Time {
	text := b.Text(name, maxWord)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, text)
	if at = at.UTC(); err == nil && at.Year() >= 1970 && at.Year() <= 2999 {
		return at
	}
	b.Problem(name, "Invalid "+name, "%.60q is no time: write one such as 2026-12-31T18:00:00Z.", text)
	return time.Time{}
}
