package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"

	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/register"
)

// maxPatch bounds a body, in bytes.
const maxPatch = 64 << 10

// readPatch reads the body of a request: what a program changes of an action.
func readPatch(r *http.Request) (decide.Changes, error) {
	var none decide.Changes
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" && kind != "application/merge-patch+json" {
		return none, refuse(http.StatusUnsupportedMediaType, "The body has to be application/json.")
	}
	text, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxPatch))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return none, err
	case err != nil:
		return none, refuse(http.StatusBadRequest, "The body ended too early.")
	}
	changes, err := parsePatch(text)
	if err != nil {
		return none, err
	}
	if changes.Fields == (register.Fields{}) && changes.Tags == nil && changes.Note == "" {
		return none, refuse(http.StatusBadRequest, "The body names nothing to change.")
	}
	return changes, nil
}

// parsePatch reads an object whose names are exact, and stand in it once: null and what is absent leave a field, and an empty text removes it.
func parsePatch(text []byte) (decide.Changes, error) {
	var changes decide.Changes
	if !json.Valid(text) || !utf8.Valid(text) {
		return changes, refuse(http.StatusBadRequest, "The body has to be one object of JSON, in UTF-8.")
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if open, err := dec.Token(); err != nil || open != json.Delim('{') {
		return changes, refuse(http.StatusBadRequest, "The body has to be one object, such as {\"owner\": \"ada@contoso.example\"}.")
	}
	given := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return changes, fmt.Errorf("reading a body: %w", err) // it is valid
		}
		name, _ := token.(string) // of a member, by the grammar
		if given[name] {
			return changes, ofField(name, "it is given twice")
		}
		given[name] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return changes, fmt.Errorf("reading a body: %w", err)
		}
		if err := setField(&changes, name, value); err != nil {
			return changes, err
		}
	}
	return changes, nil
}

// setField takes a field of a body over.
func setField(changes *decide.Changes, name string, value json.RawMessage) error {
	f := &changes.Fields
	texts := map[string]**string{
		"status": &f.Status, "reason": &f.Reason, "owner": &f.Owner, "due": &f.Due, "expires": &f.Expires, "approved_by": &f.ApprovedBy, "ticket": &f.Ticket,
	}
	to, ok := texts[name]
	switch {
	case ok && json.Unmarshal(value, to) != nil:
		return ofField(name, "it has to be a text, or null to leave it")
	case ok:
		return nil
	case name == "note" && json.Unmarshal(value, &changes.Note) != nil: // to be added
		return ofField(name, "it has to be a text, or null to add none")
	case name == "note":
		return nil
	case name == "tags": // all that it is to have
		var tags *[]*string
		if json.Unmarshal(value, &tags) != nil {
			return ofField(name, "it has to be a list of texts, or null to leave it")
		}
		if tags == nil {
			return nil
		}
		list := make([]string, len(*tags))
		for i, tag := range *tags {
			if tag == nil {
				return ofField(name, "it has to be a list of texts, or null to leave it")
			}
			list[i] = *tag
		}
		changes.Tags = &list
		return nil
	}
	return ofField(name, "it is unknown here")
}

// ofField returns the problem of a field of a body.
func ofField(name, what string) error {
	const most = 40 // characters of a name that is foreign
	if runes := []rune(name); len(runes) > most {
		name = string(runes[:most]) + "…"
	}
	p := refuse(http.StatusBadRequest, "The field %q: %s.", name, what)
	p.Errors = map[string]string{name: what}
	return p
}
