package schemas

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Invariant: texts that compare as equal have one canonical form, and a canonical form is its own canonical form.

// Formats returns the formats of texts that compare without case: their canonical form is in lower
// case. They are not formats of JSON Schema, so no validator checks them.
func Formats() []string {
	return []string{
		"id",           // of a user, a group, a role, an app, a policy, a device, a setting
		"mail",         // a mail address, or a list of them in one text
		"sign-in-name", // a user principal name
		"domain",       // a DNS domain name
		"name",         // by which settings of a service refer to each other, such as the policy that a rule applies
	}
}

// Fold puts the texts of a value into their canonical form, by which they compare without case. A
// schema says which texts those are:
//
//   - those of an enum have the spelling of the enum,
//   - those of "x-posture": {"words": [...]} have the spelling of these, and any other text is allowed, too. With "separator": "," the text
//     is a list of them,
//   - those with one of the [Formats] are in lower case, unless they are one of the words.
//
// Nil changes nothing. A Fold is immutable and safe for concurrent use.
type Fold struct {
	lower     bool              // texts are in lower case
	words     map[string]string // spellings, by the same in lower case
	separator string            // between the words of one text, or ""
	elements  *Fold             // of a list
	fields    map[string]*Fold  // of an object
	others    *Fold             // of fields that are not among these
}

// FormatFold returns the Fold of texts with one of the [Formats]; false for any other format.
func FormatFold(format string) (*Fold, bool) {
	if !slices.Contains(Formats(), format) {
		return nil, false
	}
	f := &Fold{lower: true}
	f.elements, f.others = f, f
	return f, true
}

// FoldOf returns the Fold of the values that a schema describes; nil if it changes nothing.
func FoldOf(shape map[string]any) *Fold {
	f := &Fold{}
	format, _ := shape["format"].(string)
	f.lower = slices.Contains(Formats(), format)
	members, _ := shape["enum"].([]any)
	own, _ := shape["x-posture"].(map[string]any)
	words, _ := own["words"].([]any)
	f.separator, _ = own["separator"].(string)
	f.spell(append(slices.Clone(members), words...))
	if items, ok := shape["items"].(map[string]any); ok {
		f.elements = FoldOf(items)
	}
	if others, ok := shape["additionalProperties"].(map[string]any); ok {
		f.others = FoldOf(others)
	}
	properties, _ := shape["properties"].(map[string]any)
	for name, property := range properties {
		field, _ := property.(map[string]any)
		below := FoldOf(field)
		if below == nil && f.others == nil {
			continue
		}
		if f.fields == nil {
			f.fields = map[string]*Fold{}
		}
		f.fields[name] = below
	}
	if !f.text() && f.elements == nil && f.fields == nil && f.others == nil {
		return nil
	}
	return f
}

// spell adds words. Words that differ in case alone keep the case that they have.
func (f *Fold) spell(words []any) {
	for _, word := range words {
		text, ok := word.(string)
		if !ok {
			continue
		}
		if f.words == nil {
			f.words = map[string]string{}
		}
		lower := strings.ToLower(text)
		if other, known := f.words[lower]; known && other != text {
			text = ""
		}
		f.words[lower] = text
	}
}

// Spell returns a text as the schema spells it, if it is one of its enum or of its words in any case,
// and unchanged otherwise.
func Spell(shape map[string]any, text string) string {
	members, _ := shape["enum"].([]any)
	own, _ := shape["x-posture"].(map[string]any)
	words, _ := own["words"].([]any)
	if len(members) == 0 && len(words) == 0 || slices.Contains(members, any(text)) || slices.Contains(words, any(text)) {
		return text
	}
	f := &Fold{}
	f.separator, _ = own["separator"].(string)
	f.spell(append(slices.Clone(members), words...))
	return f.String(text)
}

// text reports whether texts are changed.
func (f *Fold) text() bool { return f.lower || len(f.words) > 0 }

// Field returns the Fold of a field of an object.
func (f *Fold) Field(name string) *Fold {
	if f == nil {
		return nil
	}
	if field, known := f.fields[name]; known {
		return field
	}
	return f.others
}

// Elements returns the Fold of the elements of a list.
func (f *Fold) Elements() *Fold {
	if f == nil {
		return nil
	}
	return f.elements
}

// Text returns the canonical form of a text: the text itself, or bytes of the buffer, which are valid
// until its next use. The text is not changed.
func (f *Fold) Text(text []byte, buffer *[]byte) []byte {
	switch {
	case f == nil || !f.text():
		return text
	case f.separator != "" || isPadded(text):
		return f.list(text, buffer)
	}
	return f.word(text, buffer)
}

// word is Text of a single word.
func (f *Fold) word(text []byte, buffer *[]byte) []byte {
	lower := text
	if !isLower(text) {
		*buffer = appendLower((*buffer)[:0], text)
		lower = *buffer
	}
	if spelling, known := f.words[string(lower)]; known {
		switch spelling {
		case "", string(text):
			return text
		}
		*buffer = append((*buffer)[:0], spelling...)
		return *buffer
	}
	if f.lower {
		return lower
	}
	return text
}

// list is Text of words with separators between them and blanks around them. Both stay.
func (f *Fold) list(text []byte, buffer *[]byte) []byte {
	var folded, scratch []byte
	parts := [][]byte{text}
	if f.separator != "" {
		parts = bytes.Split(text, []byte(f.separator))
	}
	for i, part := range parts {
		if i > 0 {
			folded = append(folded, f.separator...)
		}
		word := bytes.TrimSpace(part)
		start := bytes.Index(part, word)
		folded = append(folded, part[:start]...)
		folded = append(folded, f.word(word, &scratch)...)
		folded = append(folded, part[start+len(word):]...)
	}
	if bytes.Equal(folded, text) {
		return text
	}
	*buffer = append((*buffer)[:0], folded...)
	return *buffer
}

// String is [Fold.Text] of a string.
func (f *Fold) String(text string) string {
	if f == nil || !f.text() {
		return text
	}
	var buffer []byte
	if folded := f.Text([]byte(text), &buffer); string(folded) != text {
		return string(folded)
	}
	return text
}

// Value returns decoded JSON with its texts in their canonical form. The value is not changed; the
// result shares parts with it.
func (f *Fold) Value(value any) any {
	if f == nil {
		return value
	}
	switch value := value.(type) {
	case string:
		return f.String(value)
	case []any:
		if f.elements == nil {
			return value
		}
		folded := make([]any, len(value))
		for i, element := range value {
			folded[i] = f.elements.Value(element)
		}
		return folded
	case map[string]any:
		if f.fields == nil && f.others == nil {
			return value
		}
		folded := make(map[string]any, len(value))
		for name, field := range value {
			folded[name] = f.Field(name).Value(field)
		}
		return folded
	}
	return value
}

// knows reports whether a text is one of the words, in any case.
func knows[T string | []byte](f *Fold, text T) bool {
	const brief = 64
	var room [brief]byte
	spelling, known := f.words[string(appendLower(room[:0], text))]
	return known && spelling != ""
}

// isPadded reports whether a text begins or ends with a blank.
func isPadded(text []byte) bool { return len(text) > 0 && (text[0] <= ' ' || text[len(text)-1] <= ' ') }

// isLower reports whether a text is ASCII in lower case.
func isLower(text []byte) bool {
	for _, c := range text {
		if c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// appendLower appends a text in lower case, as strings.ToLower returns it.
func appendLower[T string | []byte](into []byte, text T) []byte {
	start := len(into)
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= utf8.RuneSelf:
			return append(into[:start], strings.ToLower(string(text))...)
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		}
		into = append(into, c)
	}
	return into
}
