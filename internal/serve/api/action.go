package api

import (
	"encoding/csv"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/register"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/snapshot"
)

// listParameters are those of the list of actions on the page.
func listParameters() []string {
	return []string{
		"q", "status", "category", "product", "license", "outcome", "tag", "threat", "framework", "stage", "regressed", "review", "sort", "dir", "group", "column",
	}
}

// listed answers with the actions that the parameters of the page's list choose, in a format.
func listed(format string) answer {
	return func(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
		values, err := parameters(r, listParameters()...)
		if err != nil {
			return err
		}
		columns := values["column"]
		values.Del("column") // those of the page have other names than those of an export
		a := s.Decided()
		list, found, err := chosen(s, a, values)
		if err != nil {
			return err
		}
		page := report.Actions{Assessment: a, Actions: found, GroupBy: list.Group}
		if page.Columns, err = columnsOf(columns); err != nil {
			return err
		}
		return write(w, r, s, page, format, "actions")
	}
}

// chosen returns the list that parameters ask for, and its actions of an assessment in their order.
func chosen(s *snapshot.Snapshot, a *engine.Assessment, values url.Values) (actions.List, []*engine.Action, error) {
	list, problems := s.List(values, nil)
	found, more := list.Find(a)
	if problems = append(problems, more...); len(problems) > 0 {
		p := refuse(http.StatusBadRequest, "%v", problems[0])
		var unknown *actions.UnknownValueError
		if errors.As(problems[0], &unknown) {
			p.Errors = map[string]string{unknown.Field: problems[0].Error()}
		}
		return list, nil, p
	}
	return list, found, nil
}

// columnsOf returns the columns of an export that a page's list asks for; nil for the usual ones. Columns that an export does not have are
// left out.
func columnsOf(asked []string) ([]string, error) {
	known := map[string]string{}
	for _, name := range report.ActionColumns() {
		known[name] = name
	}
	var columns []string
	for _, list := range asked {
		for name := range strings.SplitSeq(list, ",") {
			if column, ok := known[strings.TrimSpace(name)]; ok {
				columns = append(columns, column)
			}
		}
	}
	const most = 100
	if len(columns) > most {
		return nil, wrong("column", "there are more than %d", most)
	}
	return columns, nil
}

// find returns the action that a request is about.
func find(r *http.Request, a *engine.Assessment) (*engine.Action, error) {
	found, ok := actions.Get(a, r.PathValue("id"))
	if !ok {
		return nil, refuse(http.StatusNotFound, "There is no such action.")
	}
	return found, nil
}

// action answers with one action, as posture action show prints it. Its ETag is the version of what is registered about it: whoever changes
// that says with If-Match which version they have seen.
func action(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	a := s.Decided()
	found, err := find(r, a)
	if err != nil {
		return err
	}
	page := report.Action{Assessment: a, Action: found, Catalog: s.Catalog}
	if control, ok := s.Catalog.Control(found.ID); ok {
		page.Control = control
	}
	var text strings.Builder
	if err := report.Write(&text, page, "json", report.Style{}); err != nil {
		return err
	}
	h := w.Header()
	h.Set("ETag", tagOf(register.VersionOf(s.Register.Decisions, found.ID)))
	h.Set("Cache-Control", "private, no-cache")
	h.Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(text.String())) // who is gone gets nothing
	return nil
}

// nothing is the ETag of an action about which nothing is registered.
const nothing = "none"

func tagOf(version string) string {
	if version == "" {
		version = nothing
	}
	return `"` + version + `"`
}

// mostRecords is how many failing records a page has at most, and usualRecords how many it has.
const (
	mostRecords  = 1000
	usualRecords = 100
)

// failing answers with a page of the records that fail an action.
func failing(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	values, err := parameters(r, "from", "limit")
	if err != nil {
		return err
	}
	from, err := number(values, "from", 0, 0, 1<<40)
	if err != nil {
		return err
	}
	limit, err := number(values, "limit", usualRecords, 1, mostRecords)
	if err != nil {
		return err
	}
	found, err := find(r, s.Assessment)
	if err != nil {
		return err
	}
	records, known, err := recordsOf(r, s, found, from, limit)
	if err != nil {
		return err
	}
	if unchanged(w, r, s) {
		return nil
	}
	document := struct {
		SchemaVersion string          `json:"schema_version"`
		Action        string          `json:"action"`
		Total         int64           `json:"total"` // how many fail
		Known         int64           `json:"known"` // how many of them are known by name
		From          int             `json:"from"`
		Records       []engine.Record `json:"records"`
		Next          string          `json:"next,omitempty"` // address of the next page
	}{SchemaVersion: schemaVersion, Action: found.ID, Known: known, From: from, Records: append([]engine.Record{}, records...)}
	if found.Failing != nil {
		document.Total = found.Failing.Total
	}
	if next := from + len(records); len(records) > 0 && int64(next) < known {
		document.Next = r.URL.EscapedPath() + "?" + url.Values{"from": {strconv.Itoa(next)}, "limit": {strconv.Itoa(limit)}}.Encode()
	}
	return send(w, document)
}

// recordsOf returns some of the records that fail an action, and how many are known.
func recordsOf(r *http.Request, s *snapshot.Snapshot, a *engine.Action, from, limit int) ([]engine.Record, int64, error) {
	if s.Failing != nil {
		return s.Failing(r.Context(), a.ID, from, limit)
	}
	if a.Failing == nil {
		return nil, 0, nil
	}
	shown := a.Failing.Shown
	from = min(from, len(shown))
	return shown[from : from+min(limit, len(shown)-from)], int64(len(shown)), nil
}

// failingSheet writes all records that fail an action as CSV, page by page.
func failingSheet(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	found, err := find(r, s.Assessment)
	if err != nil {
		return err
	}
	records, known, err := recordsOf(r, s, found, 0, mostRecords)
	if err != nil || unchanged(w, r, s) {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="failing.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"Key", "Label"}) // an error stays until Flush
	for from := 0; ; {
		for _, record := range records {
			_ = out.Write([]string{report.Cell(record.Key), report.Cell(record.Label)})
		}
		out.Flush()
		gone := out.Error() != nil
		if from += len(records); len(records) == 0 || int64(from) >= known || gone {
			return nil //nolint:nilerr // whoever is gone gets nothing; reading has succeeded
		}
		if records, _, err = recordsOf(r, s, found, from, mostRecords); err != nil {
			panic(http.ErrAbortHandler) // the answer has begun: it must not look whole
		}
	}
}
