package serve

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/posture-score/posture/internal/decide"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/settings"
)

// maxValues bounds how many values a form has: a plan has two for each of its actions.
const maxValues = 2000

// errMedia is a body of another type than forms have.
var errMedia = errors.New("not a form")

// posted returns the fields of a form. It can be called again.
func posted(r *http.Request) (url.Values, error) {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, errMedia
	}
	if err := r.ParseForm(); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, err
		}
		return nil, fmt.Errorf("%w: %w", errForm, err)
	}
	return r.PostForm, checkForm(r.PostForm)
}

// checkForm refuses what no browser sends: it would be read as something else by whoever comes next.
func checkForm(values url.Values) error {
	count := 0
	for name, list := range values {
		if count += len(list); count > maxValues {
			return errForm
		}
		if len(list) > 1 && !slices.Contains([]string{"select", "version", "tag"}, name) {
			return errForm
		}
		for _, text := range append([]string{name}, list...) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return errForm
			}
		}
	}
	return nil
}

// badForm answers for a body that no form of ours sends.
func (s *Server) badForm(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, errMedia) {
		s.fail(w, r, http.StatusUnsupportedMediaType, "This address takes forms. Programs write by the API.")
		return
	}
	s.failed(w, r, err)
}

// fieldsOf returns the attributes of an action that a form has.
func fieldsOf(values url.Values) register.Fields {
	var f register.Fields
	for _, name := range register.FieldNames() {
		if values.Has(name) {
			value := values.Get(name)
			*f.Field(name) = &value
		}
	}
	return f
}

// tagsOf returns the tags that a form keeps and adds.
func tagsOf(values url.Values) []string {
	tags := slices.Clone(values["tag"])
	for one := range strings.SplitSeq(values.Get("add"), ",") {
		if one = strings.TrimSpace(one); one != "" && !slices.Contains(tags, one) {
			tags = append(tags, one)
		}
	}
	return tags
}

// chosenOf returns the actions of a plan, with what the writer has seen of each: two fields in the same order.
func chosenOf(values url.Values) ([]decide.Chosen, error) {
	ids, versions := values["select"], values["version"]
	if len(ids) != len(versions) {
		return nil, errForm
	}
	chosen := make([]decide.Chosen, len(ids))
	for i, id := range ids {
		chosen[i] = decide.Chosen{ID: id, Version: versions[i]}
	}
	return chosen, nil
}

// conflictOf returns what somebody else has decided, as a form shows it.
func conflictOf(c *register.ConflictError) page.Conflict {
	shown := page.Conflict{ID: c.ID, Version: c.Version, Theirs: map[string]string{}, Gone: c.Decision == nil}
	if c.Decision == nil {
		return shown
	}
	shown.Theirs, shown.By = decide.Values(*c.Decision), c.Decision.ChangedBy
	shown.Theirs["tags"] = strings.Join(c.Decision.Tags, ", ")
	if at := c.Decision.ChangedAt; at != nil {
		shown.When = at.UTC()
	}
	return shown
}

// conflictOfBlock returns what somebody else has set, as a form shows it.
func conflictOfBlock(c *settings.ConflictError) page.Conflict {
	shown := page.Conflict{Version: c.Settings.Version(c.Block), Theirs: map[string]string{}}
	shown.Gone = shown.Version == ""
	for name, values := range page.SettingsValues(c.Settings, c.Block) {
		shown.Theirs[name] = values[0]
	}
	if change := c.Settings.Changes[c.Block]; change.By != "" {
		shown.By, shown.When = change.By, change.At
	}
	return shown
}
