package report

import (
	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
)

// Entry is the page of one entry of a history, with what changed since the one before it.
type Entry struct {
	Tenant engine.Tenant
	Entry  history.Entry
	Change *attribution.Attribution // nil if there is none, or nothing can be said
}

func (page Entry) document() any {
	return struct {
		SchemaVersion string                   `json:"schema_version"`
		Tenant        engine.Tenant            `json:"tenant"`
		Entry         entryDocument            `json:"entry"`
		Change        *attribution.Attribution `json:"change"`
	}{schemaVersion, page.Tenant, newEntryDocument(page.Entry), page.Change}
}
