package report

import (
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/score"
)

// diffDocument is what differs between two catalogs, in JSON.
type diffDocument struct {
	SchemaVersion string           `json:"schema_version"`
	Same          bool             `json:"same"`
	Old           diffSide         `json:"old"`
	New           diffSide         `json:"new"`
	Added         []controlSummary `json:"added"`
	Removed       []controlSummary `json:"removed"`
	Changed       []diffControl    `json:"changed"`
	Products      []diffProduct    `json:"products"`
}

// diffVersion is the version of diffDocument.
const diffVersion = "1"

// diffSide is the summary of one of the catalogs.
type diffSide struct {
	Name     string       `json:"name"`
	Version  string       `json:"version"`
	Digest   string       `json:"digest"`
	Controls int          `json:"controls"`
	Points   score.Points `json:"points"`
}

// diffControl is a control that both catalogs have, and that differs.
type diffControl struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	OldDigest string       `json:"old_digest"`
	NewDigest string       `json:"new_digest"`
	Changes   []diffChange `json:"changes"`
}

// diffProduct is a product that was added or removed, or that changed.
type diffProduct struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	What    string       `json:"what"` // added, removed or changed
	Changes []diffChange `json:"changes"`
}

// diffChange is one difference; see [catalog.ChangeKind]. Old and New are null where the value is absent.
type diffChange struct {
	Kind  string   `json:"kind"`
	Name  string   `json:"name,omitempty"`
	Names []string `json:"names,omitempty"`
	Old   any      `json:"old"`
	New   any      `json:"new"`
}

func (page Diff) document() any {
	d := page.Diff
	document := diffDocument{
		SchemaVersion: diffVersion, Same: d.Same(),
		Old: newDiffSide(page.Old, d.Old), New: newDiffSide(page.New, d.New),
		Added: summaries(d.Added), Removed: summaries(d.Removed),
		Changed: make([]diffControl, len(d.Changed)), Products: make([]diffProduct, len(d.Products)),
	}
	for i, c := range d.Changed {
		document.Changed[i] = diffControl{
			ID: c.New.ID, Title: c.New.Title, OldDigest: c.Old.Digest, NewDigest: c.New.Digest, Changes: newDiffChanges(c.Changes),
		}
	}
	for i, p := range d.Products {
		document.Products[i] = newDiffProduct(p)
	}
	return document
}

func newDiffSide(name string, s catalog.Summary) diffSide {
	return diffSide{Name: name, Version: s.Version, Digest: s.Digest, Controls: s.Controls, Points: score.Points(s.Points)}
}

func newDiffProduct(p catalog.ProductChange) diffProduct {
	is, what := p.New, "changed"
	switch {
	case p.Old == nil:
		what = "added"
	case p.New == nil:
		is, what = p.Old, "removed"
	}
	return diffProduct{ID: p.ID, Title: is.Title, What: what, Changes: newDiffChanges(p.Changes)}
}

func newDiffChanges(changes []catalog.Change) []diffChange {
	list := make([]diffChange, len(changes))
	for i, c := range changes {
		list[i] = diffChange{Kind: string(c.Kind), Name: c.Name, Names: c.Names, Old: diffValue(c.Old), New: diffValue(c.New)}
	}
	return list
}

// diffValue returns a value in the form of other documents: points with decimals, prerequisites by their content.
func diffValue(value any) any {
	switch value := value.(type) {
	case int64:
		return score.Points(value)
	case catalog.Prerequisite:
		if value.Control != "" {
			return map[string]any{"control": value.Control}
		}
		return map[string]any{"service_plans": value.ServicePlans}
	}
	return value
}
