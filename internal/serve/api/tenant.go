package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// schemaVersion is the version of the documents of this package.
const schemaVersion = "1"

// send answers with a document as indented JSON, as the command line writes it.
func send(w http.ResponseWriter, value any) error {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(value); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text.Bytes()) // who is gone gets nothing
	return nil
}

// write answers with a page of the command line in a format; one that is no JSON as a file of a name.
func write(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot, page report.Page, format, name string) error {
	if unchanged(w, r, s) {
		return nil
	}
	var text bytes.Buffer
	if err := report.Write(&text, page, format, report.Style{}); err != nil {
		return err
	}
	h := w.Header()
	switch format {
	case "json":
		h.Set("Content-Type", "application/json")
	case "csv":
		h.Set("Content-Type", "text/csv; charset=utf-8")
	case "xlsx":
		h.Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	}
	if format != "json" {
		h.Set("Content-Disposition", `attachment; filename="`+name+"."+format+`"`)
	}
	_, _ = w.Write(text.Bytes()) // who is gone gets nothing
	return nil
}

// scoreDocument is a score without its parts.
type scoreDocument struct {
	Achieved      score.Points `json:"achieved"`
	Total         score.Points `json:"total"`
	AssessedTotal score.Points `json:"assessed_total"`
	Percent       score.Points `json:"percent"`
	engine.Views
}

func newScore(s engine.Score) scoreDocument {
	return scoreDocument{s.Achieved, s.Total, s.AssessedTotal, s.Percent, s.Views}
}

// tenantDocument is a tenant of the list.
type tenantDocument struct {
	ID          string               `json:"id"`
	Name        string               `json:"name"`
	EvaluatedAt time.Time            `json:"evaluated_at"`
	CollectedAt *time.Time           `json:"collected_at,omitempty"` // absent if it is not known
	Score       scoreDocument        `json:"score"`
	Change      *attribution.Amount  `json:"change,omitempty"` // since the entry before; absent if there is none
	Zone        settings.Zone        `json:"zone,omitempty"`
	Regressions []regressionDocument `json:"regressions"` // the largest first, at most three
}

type regressionDocument struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	attribution.Amount
}

// mostTenants is how many tenants an answer has at most.
const mostTenants = 1000

// tenants lists the tenants.
func (a *API) tenants(w http.ResponseWriter, r *http.Request) {
	if err := a.listTenants(w, r); err != nil {
		a.failed(w, r, err)
	}
}

func (a *API) listTenants(w http.ResponseWriter, r *http.Request) error {
	values, err := parameters(r, "search", "from", "limit")
	if err != nil {
		return err
	}
	query := snapshot.Query{Search: values.Get("search")}
	if query.From, err = number(values, "from", 0, 0, 1<<30); err != nil {
		return err
	}
	if query.Limit, err = number(values, "limit", mostTenants, 1, mostTenants); err != nil {
		return err
	}
	source := a.Source()
	if source == nil {
		return errStarting
	}
	list, count, err := source.Tenants(r.Context(), query)
	if err != nil {
		return err
	}
	document := struct {
		SchemaVersion string           `json:"schema_version"`
		Count         int              `json:"count"` // of all that the search finds
		From          int              `json:"from"`
		Tenants       []tenantDocument `json:"tenants"`
	}{schemaVersion, count, query.From, make([]tenantDocument, len(list))}
	for i := range list {
		document.Tenants[i] = newTenant(&list[i])
	}
	return send(w, document)
}

func newTenant(t *snapshot.Tenant) tenantDocument {
	d := tenantDocument{ID: t.ID, Name: t.Name, EvaluatedAt: t.EvaluatedAt.UTC(), Score: newScore(t.Score), Change: t.Change, Zone: t.Zone, Regressions: []regressionDocument{}}
	if at := t.CollectedAt.UTC(); !at.IsZero() {
		d.CollectedAt = &at
	}
	for _, one := range t.Regressions {
		d.Regressions = append(d.Regressions, regressionDocument{one.ID, one.Title, one.Amount})
	}
	return d
}

// change is what changed between two assessments.
type change struct {
	From   time.Time          `json:"from"`
	To     time.Time          `json:"to"`
	Change attribution.Amount `json:"change"`
	Causes []attribution.Part `json:"causes"`
}

// overview answers with the score of a tenant and what it rests on.
func overview(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	if unchanged(w, r, s) {
		return nil
	}
	a := s.Assessment
	_, editor := person(r)
	document := struct {
		SchemaVersion string             `json:"schema_version"`
		Tenant        engine.Tenant      `json:"tenant"`
		Version       string             `json:"version"` // of the snapshot: what follows from it is the same while this is
		EvaluatedAt   time.Time          `json:"evaluated_at"`
		CollectedAt   time.Time          `json:"collected_at"`
		Catalog       string             `json:"catalog"`
		Engine        string             `json:"engine"`
		Score         engine.Score       `json:"score"`
		Since         *change            `json:"since,omitempty"`
		Comparison    *cohort.Comparison `json:"comparison,omitempty"`
		Entries       int                `json:"entries"`           // of the history
		Problem       string             `json:"problem,omitempty"` // why a newer state could not be read
	}{
		SchemaVersion: schemaVersion, Tenant: s.Tenant, Version: s.Version, EvaluatedAt: a.EvaluatedAt.UTC(), CollectedAt: a.Evidence.CollectedAt.UTC(),
		Catalog: a.Catalog.Version, Engine: a.Engine.Version, Score: a.Score, Comparison: s.Comparison, Problem: s.ProblemFor(editor),
	}
	if s.Since != nil {
		document.Since = &change{s.Since.Old.EvaluatedAt.UTC(), s.Since.New.EvaluatedAt.UTC(), s.Since.Change, append([]attribution.Part{}, s.Since.Causes...)}
	}
	if s.Past != nil {
		document.Entries = len(s.Past.Entries)
	}
	return send(w, document)
}

// assessment answers with the whole assessment, as posture assess prints it.
func assessment(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	return write(w, r, s, report.Assessment{Assessment: s.Assessment, Comparison: s.Comparison}, "json", "assessment")
}
