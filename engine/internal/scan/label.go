package scan

import (
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/plaintext"
	"github.com/posture-score/posture/internal/records"
)

// Invariant: a label is read of a record that is named in a result, and of no other one.

// maxLabel is how many characters of a label are kept: evidence may hold a name of any length.
const maxLabel = 128

// labeler reads the names that people know records by. It is for one goroutine.
type labeler struct {
	pruner *jsonscan.Pruner
	buffer []byte
}

// newLabeler returns a labeler of records that have their labels in that field; nil for "".
func newLabeler(field string) *labeler {
	if field == "" {
		return nil
	}
	return &labeler{pruner: jsonscan.NewPruner([]jsonscan.Field{{Name: field, Mask: &jsonscan.FieldMask{}}}, records.DefaultLimits().Depth)}
}

// label returns the label of a record with that key: "" if it has none, or none that says more than the key.
func (l *labeler) label(record *records.View, key []byte) string {
	if l == nil {
		return ""
	}
	if _, status := l.pruner.Value(record.JSON(), 0, true); status != jsonscan.OK {
		return ""
	}
	text, ok := unquoted(l.pruner.Slot(0), &l.buffer)
	if !ok || string(text) == string(key) {
		return ""
	}
	return bounded(string(text[:min(len(text), (maxLabel+1)*utf8.UTFMax)]))
}

// Label returns as much of a text as a label may have: "" if it is the key, or has nothing to be seen.
func Label(text, key string) string {
	if text == key {
		return ""
	}
	return bounded(text[:min(len(text), (maxLabel+1)*utf8.UTFMax)])
}

// bounded returns as much of a text as a label may have.
func bounded(text string) string {
	label := strings.ToValidUTF8(text, "\uFFFD")
	if plaintext.Blank(label) {
		return ""
	}
	if utf8.RuneCountInString(label) > maxLabel {
		label = string([]rune(label)[:maxLabel-1]) + "…"
	}
	return label
}
