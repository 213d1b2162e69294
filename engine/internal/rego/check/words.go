package check

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/internal/suggest"
)

// shownChoices is how many of several possible names a message lists.
const shownChoices = 12

// choice says what could have been written instead of a word: the nearest, and all of them if they are few.
func choice(word string, from []string, listed, none string) string {
	if len(from) == 0 {
		return none
	}
	shown := from
	if len(shown) > shownChoices {
		shown = shown[:shownChoices]
	}
	quoted := make([]string, len(shown))
	for i, s := range shown {
		quoted[i] = fmt.Sprintf("%q", clip(s))
	}
	if more := len(from) - len(shown); more > 0 {
		quoted = append(quoted, fmt.Sprintf("%d more", more))
	}
	text := fmt.Sprintf("%s: %s.", listed, strings.Join(quoted, ", "))
	if near := suggest.Nearest(word, from); near != "" {
		text = fmt.Sprintf("Did you mean %q? %s", near, text)
	}
	return text
}

// alternatives writes "a, b or c".
func alternatives(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// clip keeps what a message quotes from a file short.
func clip(s string) string {
	const most = 80
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most]) + "…"
}
