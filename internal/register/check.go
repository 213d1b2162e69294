package register

import (
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/hcledit"
)

// CheckFields says what is wrong with the attributes that an action would have, by the names that they have in a register, in sentences for
// who gave them. It is nil if a register can hold them. An attribute that is nil or empty is absent.
func CheckFields(f Fields) (map[string]string, error) {
	var list []hcledit.Attribute
	for _, name := range FieldNames() {
		if value := *f.Field(name); value != nil && *value != "" {
			list = append(list, hcledit.Attribute{Name: name, Expr: hcledit.Quote(*value)})
		}
	}
	// An attribute that is required and absent is named, too.
	list = append(list, hcledit.Attribute{Name: "reason"})
	return hcledit.Check(`action "A"`, list, checkText)
}

// CheckNote says what is wrong with a note: see [CheckFields].
func CheckNote(note engine.Note) (map[string]string, error) {
	list := []hcledit.Attribute{
		{Name: "time", Expr: hcledit.Quote(note.Time.UTC().Format(time.RFC3339))},
		{Name: "author", Expr: hcledit.Quote(note.Author)},
		{Name: "text", Expr: hcledit.Quote(note.Text)},
	}
	return hcledit.Check("action \"A\" {\nnote", list, func(text []byte) error { return checkText(append(text, "}\n"...)) })
}

// CheckTags says what is wrong with the tags that an action would have, or "".
func CheckTags(tags []string) (string, error) {
	expr := "["
	for _, tag := range tags {
		expr += hcledit.Quote(tag) + ", "
	}
	wrong, err := hcledit.Check(`action "A"`, []hcledit.Attribute{{Name: "tags", Expr: expr + "]"}}, checkText)
	return wrong["tags"], err
}

func checkText(text []byte) error {
	_, err := Read(Name, text)
	return err
}
