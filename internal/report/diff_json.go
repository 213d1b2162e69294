package report

import (
	"io"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/compare"
	"github.com/posture-score/posture/internal/score"
)

// DiffDocument is what differs between two catalogs, in JSON.
type DiffDocument struct {
	SchemaVersion string           `json:"schema_version"`
	Same          bool             `json:"same"`
	Old           DiffSide         `json:"old"`
	New           DiffSide         `json:"new"`
	Added         []ControlSummary `json:"added"`
	Removed       []ControlSummary `json:"removed"`
	Changed       []DiffControl    `json:"changed"`
	Products      []DiffProduct    `json:"products"`
}

// diffVersion is the version of DiffDocument.
const diffVersion = "1"

// DiffSide sums up one of the catalogs.
type DiffSide struct {
	Name     string       `json:"name"`
	Version  string       `json:"version"`
	Digest   string       `json:"digest"`
	Controls int          `json:"controls"`
	Points   score.Points `json:"points"`
}

// DiffControl is a control that both catalogs have, and that differs.
type DiffControl struct {
	ID        string       `json:"id"`
	Title     string       `json:"title"`
	OldDigest string       `json:"old_digest"`
	NewDigest string       `json:"new_digest"`
	Changes   []DiffChange `json:"changes"`
}

// DiffProduct is a product that was added or removed, or that changed.
type DiffProduct struct {
	ID      string       `json:"id"`
	Title   string       `json:"title"`
	What    string       `json:"what"` // added, removed or changed
	Changes []DiffChange `json:"changes"`
}

// DiffChange is one difference; see the kinds of package diff. Old and New are null where there was, or is, none.
type DiffChange struct {
	Kind  string   `json:"kind"`
	Name  string   `json:"name,omitempty"`
	Names []string `json:"names,omitempty"`
	Old   any      `json:"old"`
	New   any      `json:"new"`
}

// DiffJSON writes what differs between two catalogs, which are called by those names, as JSON.
func DiffJSON(w io.Writer, old, latest string, d *compare.Diff) error {
	document := DiffDocument{
		SchemaVersion: diffVersion, Same: d.Same(),
		Old: diffSide(old, d.Old), New: diffSide(latest, d.New),
		Added: summaries(d.Added), Removed: summaries(d.Removed),
		Changed: make([]DiffControl, len(d.Changed)), Products: make([]DiffProduct, len(d.Products)),
	}
	for i, c := range d.Changed {
		document.Changed[i] = DiffControl{
			ID: c.New.ID, Title: c.New.Title, OldDigest: c.Old.Digest, NewDigest: c.New.Digest, Changes: diffChanges(c.Changes),
		}
	}
	for i, p := range d.Products {
		document.Products[i] = diffProduct(p)
	}
	return JSON(w, document)
}

func diffSide(name string, s compare.Side) DiffSide {
	return DiffSide{Name: name, Version: s.Version, Digest: s.Digest, Controls: s.Controls, Points: score.Points(s.Points)}
}

func diffProduct(p compare.Product) DiffProduct {
	is, what := p.New, "changed"
	switch {
	case p.Old == nil:
		what = "added"
	case p.New == nil:
		is, what = p.Old, "removed"
	}
	return DiffProduct{ID: p.ID, Title: is.Title, What: what, Changes: diffChanges(p.Changes)}
}

func diffChanges(changes []compare.Change) []DiffChange {
	list := make([]DiffChange, len(changes))
	for i, c := range changes {
		list[i] = DiffChange{Kind: string(c.Kind), Name: c.Name, Names: c.Names, Old: diffValue(c.Old), New: diffValue(c.New)}
	}
	return list
}

// diffValue writes values as other documents do: points with their decimals, prerequisites by what they ask for.
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
