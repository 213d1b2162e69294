package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/page/web"
	"github.com/posture-score/posture/internal/score"
)

// functions are what templates can call.
func (r *Renderer) functions() template.FuncMap {
	return template.FuncMap{
		"render": r.render, "percent": percent, "points": points, "signed": signed, "day": day, "count": count, "plural": plural,
		"status": status, "outcome": outcome, "spaced": spaced, "capital": capital, "tone": tone, "chip": chip, "short": short, "style": web.Style, "script": web.Script, "inlineStyle": web.InlineStyle, "inlineScript": web.InlineScript,
		"stateTitle": stateTitle, "stateRank": stateRank, "stateChip": stateChip, "inDays": inDays,
		"obstacle": obstacle, "hundredths": func(p score.Points) int64 { return int64(p) }, "ordinal": func(i int) int { return i + 1 },
		"someActions": func(n int) string { return plural(int64(n), "action") }, "moreActions": func(n int) string { return plural(int64(n), "more action") },
		"headOf": headOf,
	}
}

// percent writes hundredths of a percent with two decimals: 63.21%.
func percent(p score.Points) string { return fmt.Sprintf("%d.%02d%%", p/100, p%100) }

// points writes points with as many decimals as they need, and thousands apart: 1,018.4.
func points(p score.Points) string {
	whole, decimals, found := strings.Cut(p.String(), ".")
	text := grouped(whole)
	if found {
		text += "." + decimals
	}
	return text
}

// signed writes a change with its sign: +1.5, −2, and ±0 for none.
func signed(d score.Delta) string {
	if d == 0 {
		return "±0"
	}
	return strings.Replace(d.String(), "-", "−", 1)
}

// tone says whether a change is a gain or a loss, for its color. The sign says it, too.
func tone(d score.Delta) string {
	switch {
	case d > 0:
		return "good"
	case d < 0:
		return "bad"
	}
	return "muted"
}

// count writes a number with thousands apart.
func count(n int64) string { return grouped(strconv.FormatInt(n, 10)) }

func grouped(digits string) string {
	sign := ""
	if strings.HasPrefix(digits, "-") {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// plural writes a number with its noun.
func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return count(n) + " " + noun + "s"
}

// day writes a date. All dates are in UTC.
func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// minute writes a moment.
func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// spaced writes an identifier of ours as words: not_met is "not met".
func spaced(word string) string { return strings.ReplaceAll(word, "_", " ") }

// status returns what a status is called.
func status(s engine.Status) string {
	switch s {
	case engine.ThirdParty:
		return "Resolved through third party"
	case engine.AlternateMitigation:
		return "Resolved through alternate mitigation"
	}
	return capital(spaced(string(s)))
}

// outcome returns what an outcome is called.
func outcome(o engine.Outcome) string { return capital(spaced(string(o))) }

// chip returns the class of a status or an outcome. The style sheet adds a sign of its own shape, so that color is never alone.
func chip(word any) string {
	switch fmt.Sprint(word) {
	case string(engine.Completed), string(engine.Complete), string(engine.ThirdParty), string(engine.AlternateMitigation):
		return "is-good"
	case string(engine.Planned):
		return "is-info"
	case string(engine.RiskAccepted), string(engine.Partial):
		return "is-warn"
	case string(engine.NotMet), string(engine.Errored):
		return "is-bad"
	}
	return "is-neutral"
}

func capital(text string) string {
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
