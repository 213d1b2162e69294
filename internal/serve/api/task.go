package api

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/snapshot"
)

// taskOf returns the task of an action, with the address of its page if the address of the server is known.
func (a *API) taskOf(s *snapshot.Snapshot, action *engine.Action) actions.Task {
	page := ""
	if a.Origin != "" {
		page = a.Origin + "/tenants/" + url.PathEscape(s.Tenant.ID) + "/actions/" + url.PathEscape(action.ID)
	}
	return s.Task(action, page)
}

// task answers with the task of one action.
func (a *API) task(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	found, err := find(r, s.Decided())
	if err != nil || unchanged(w, r, s) {
		return err
	}
	return send(w, struct {
		SchemaVersion string `json:"schema_version"`
		Tenant        string `json:"tenant"`
		Action        string `json:"action"`
		actions.Task
	}{schemaVersion, s.Tenant.ID, found.ID, a.taskOf(s, found)})
}

// taskSheet answers with the task of one action as CSV.
func (a *API) taskSheet(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	found, err := find(r, s.Decided())
	if err != nil || unchanged(w, r, s) {
		return err
	}
	a.sheet(w, s, "task", []*engine.Action{found})
	return nil
}

// taskSheets answers with the tasks of the actions that the parameters of the page's list choose as CSV.
func (a *API) taskSheets(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	values, err := parameters(r, listParameters()...)
	if err != nil {
		return err
	}
	values.Del("column") // a task has all of its fields
	_, found, err := chosen(s, s.Decided(), values)
	if err != nil || unchanged(w, r, s) {
		return err
	}
	a.sheet(w, s, "tasks", found)
	return nil
}

// sheet writes the tasks of actions, a row each.
func (a *API) sheet(w http.ResponseWriter, s *snapshot.Snapshot, name string, list []*engine.Action) {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"Key", "Title", "Bucket", "Due", "Owner", "Notes"}) // an error stays, and whoever is gone gets nothing
	for _, action := range list {
		t := a.taskOf(s, action)
		notes := strings.Split(t.Notes, "\n")
		for i := range notes {
			notes[i] = report.Cell(notes[i])
		}
		_ = out.Write([]string{report.Cell(t.Key), report.Cell(t.Title), report.Cell(t.Bucket), t.Due, report.Cell(t.Owner), strings.Join(notes, "\n")})
	}
	out.Flush()
}
