package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/posture-score/posture/engine"
)

// Invariant: what is written piece by piece is the same text that encode writes at once.

// indentation is that of JSON.
const indentation = "  "

// manyRecords is from how many failing records on an action is written record by record.
const manyRecords = 1000

// stream writes the document of an assessment action by action, so that no text of all of it is held.
func (page Assessment) stream(w io.Writer) error {
	actions := page.Actions
	if len(actions) == 0 {
		return encode(w, page.document())
	}
	hollow := *page.Assessment
	hollow.Actions = nil
	page.Assessment = &hollow
	out := bufio.NewWriterSize(w, 64<<10)
	err := around(out, page.document(), "", "\n"+indentation+`"actions": null`, func() error {
		return elements(out, actions, indentation, streamAction)
	})
	if err != nil {
		return err
	}
	if err := out.WriteByte('\n'); err != nil {
		return err
	}
	return out.Flush()
}

// streamAction writes an action, whose lines are indented.
func streamAction(w *bufio.Writer, a engine.Action, indent string) error {
	if a.Failing == nil || len(a.Failing.Shown) < manyRecords {
		text, err := jsonAt(a, indent)
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return err
	}
	records := a.Failing.Shown
	a.Failing = &engine.Failing{Total: a.Failing.Total}
	inner := indent + indentation
	hole := "\n" + inner + `"failing": {` + "\n" + inner + indentation + `"total": ` + strconv.FormatInt(a.Failing.Total, 10) + ",\n" + inner + indentation + `"shown": null`
	return around(w, a, indent, hole, func() error {
		return elements(w, records, inner+indentation, func(w *bufio.Writer, r engine.Record, indent string) error {
			text, err := jsonAt(r, indent)
			if err != nil {
				return err
			}
			_, err = w.Write(text)
			return err
		})
	})
}

// around writes a value, and in the place of the null at the end of hole what fill writes. No text in JSON has a line feed, so that a hole that
// begins with one is part of the structure.
func around(w *bufio.Writer, value any, indent, hole string, fill func() error) error {
	text, err := jsonAt(value, indent)
	if err != nil {
		return err
	}
	before, after, found := bytes.Cut(text, []byte(hole))
	if !found {
		return fmt.Errorf("the JSON of an assessment lacks %q", hole)
	}
	if _, err := w.Write(before); err != nil {
		return err
	}
	if _, err := w.WriteString(strings.TrimSuffix(hole, "null")); err != nil {
		return err
	}
	if err := fill(); err != nil {
		return err
	}
	_, err = w.Write(after)
	return err
}

// elements writes a list that is not empty, whose last line is indented.
func elements[E any](w *bufio.Writer, list []E, indent string, write func(*bufio.Writer, E, string) error) error {
	for i, e := range list {
		separator := ","
		if i == 0 {
			separator = "["
		}
		if _, err := w.WriteString(separator + "\n" + indent + indentation); err != nil {
			return err
		}
		if err := write(w, e, indent+indentation); err != nil {
			return err
		}
	}
	_, err := w.WriteString("\n" + indent + "]")
	return err
}

// jsonAt returns a value as JSON, with all lines but the first indented.
func jsonAt(value any, indent string) ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent(indent, indentation)
	if err := enc.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}
