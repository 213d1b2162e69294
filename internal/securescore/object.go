package securescore

import (
	"html"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/internal/plaintext"
)

// object is an object of JSON by the folded names of its members: tools save them in camel case, Pascal case and snake case.
type object map[string]any

// fold returns a name without case and underscores.
func fold(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// newObject returns an object; what SDKs put below AdditionalProperties is part of it, as far as it is not there already.
func newObject(members map[string]any) object {
	o := object{}
	var more []map[string]any
	for _, name := range slices.Sorted(maps.Keys(members)) {
		switch folded := fold(name); folded {
		case "additionalproperties", "additionaldata":
			if inner, ok := members[name].(map[string]any); ok {
				more = append(more, inner)
			}
		default:
			if o[folded] == nil {
				o[folded] = members[name]
			}
		}
	}
	for _, inner := range more {
		for _, name := range slices.Sorted(maps.Keys(inner)) {
			if folded := fold(name); o[folded] == nil {
				o[folded] = inner[name]
			}
		}
	}
	return o
}

// has reports whether any of the members is there, be it null.
func (o object) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { _, ok := o[name]; return ok })
}

// text returns a text; a number or a boolean as it is written.
func (o object) text(name string) string {
	switch value := o[name].(type) {
	case string:
		return value
	case bool:
		if value {
			return "true"
		}
		return "false"
	case interface{ String() string }: // json.Number
		return value.String()
	}
	return ""
}

// line returns a text on one line, of at most so many characters, with nothing in it that steers a terminal.
func (o object) line(name string, most int) string { return oneLine(o.text(name), most) }

func oneLine(text string, most int) string {
	text = strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if plaintext.Steers(r) {
			return ' '
		}
		return r
	}, text)), " ")
	if plaintext.Blank(text) {
		return ""
	}
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}

// shown returns a value as messages show it, on one line.
func (o object) shown(name string) string {
	switch value := o[name].(type) {
	case nil:
		return "missing"
	case string:
		return strconv.Quote(oneLine(value, 60))
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	}
	return o.line(name, 60)
}

// tag is a tag of HTML. Texts of Secure Score are HTML in part.
var tag = regexp.MustCompile(`<[^<>]{0,500}>`)

// prose returns a text of HTML without its tags.
func (o object) prose(name string, most int) string {
	text := o.text(name)
	if len(text) > 8*most {
		text = text[:8*most]
	}
	return oneLine(html.UnescapeString(tag.ReplaceAllString(text, " ")), most)
}

func (o object) points(name string) *big.Rat { return points(o[name]) }

func (o object) whole(name string) *int64 { return whole(o[name]) }

// flag returns a boolean, which Secure Score writes as text; nil if there is none.
func (o object) flag(name string) *bool {
	var is bool
	switch strings.ToLower(o.text(name)) {
	case "true":
		is = true
	case "false":
	default:
		return nil
	}
	return &is
}

// time returns a time; the zero time if there is none. .NET writes its own zero where there was none.
func (o object) time(name string) time.Time {
	text := o.text(name)
	if date, ok := psobject.Date(text); ok {
		text = date
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly, "2006-01-02 15:04:05Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil && at.Year() > 1 && at.Year() < 10000 {
			return at.UTC()
		}
	}
	return time.Time{}
}

// list returns a list. A list of one became its element, and Windows PowerShell wraps lists; ok is false for what is neither, such as
// a list that was cut off.
func (o object) list(name string) (list []any, ok bool) {
	switch value := o[name].(type) {
	case nil:
		return nil, true
	case []any:
		return value, true
	case map[string]any:
		inner := newObject(value)
		if list, ok := inner["value"].([]any); ok {
			return list, true
		}
		return []any{value}, len(value) > 0
	}
	return nil, false
}

// texts returns a list of texts, each on one line.
func (o object) texts(name string, most int) []string {
	if text, ok := o[name].(string); ok { // as PowerShell joins a list below its depth
		return strings.Fields(oneLine(text, most*maxTexts))
	}
	list, _ := o.list(name)
	var texts []string
	for _, element := range list[:min(len(list), maxTexts)] {
		if text, ok := element.(string); ok {
			texts = append(texts, oneLine(text, most))
		}
	}
	return texts
}

// maxTexts bounds a list of texts, such as the threats of a control.
const maxTexts = 200
