package report

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/securescore"
)

// GraphImport is the page of Microsoft's days that were added to a history.
type GraphImport struct {
	Store     string        // that they were added to; empty if there were none
	Days      []ImportedDay // by tenant and date
	Decisions string        // the file of the proposed decisions; empty if none was wanted
	Proposals []securescore.Proposal
	Averages  string // the file of the averages; empty if none was wanted
}

// ImportedDay is one of them.
type ImportedDay struct {
	Tenant   string        `json:"tenant"`
	Date     string        `json:"date"`
	Entry    int64         `json:"entry"`
	Added    bool          `json:"added"` // false if the history had it
	Achieved engine.Points `json:"achieved"`
	Total    engine.Points `json:"total"`
	Percent  engine.Points `json:"percent"`
	Findings []string      `json:"findings"` // what does not add up, and what was not read; never null
}

func (page GraphImport) document() any {
	days, proposals := page.Days, page.Proposals
	if days == nil {
		days = []ImportedDay{}
	}
	if proposals == nil {
		proposals = []securescore.Proposal{}
	}
	return struct {
		SchemaVersion string                 `json:"schema_version"`
		Store         string                 `json:"store,omitempty"`
		Days          []ImportedDay          `json:"days"`
		Decisions     string                 `json:"decisions,omitempty"`
		Proposals     []securescore.Proposal `json:"proposals"`
		Averages      string                 `json:"averages,omitempty"`
	}{schemaVersion, page.Store, days, page.Decisions, proposals, page.Averages}
}

func (page GraphImport) table(p *printer) {
	added := 0
	for _, day := range page.Days {
		if day.Added {
			added++
		}
	}
	if page.Store != "" {
		p.printf("%s of Microsoft's Secure Score added to %s; it had %d already\n", plural(added, "day"), clean(page.Store), len(page.Days)-added)
	}
	for i := range page.Days {
		p.importedDay(&page.Days[i], i > 0 && page.Days[i-1].Tenant == page.Days[i].Tenant)
	}
	if page.Decisions != "" {
		p.proposals(page.Decisions, page.Proposals)
	}
	if page.Averages != "" {
		p.printf("\nThe averages of other tenants are in %s\n", clean(page.Averages))
	}
}

// importedDay prints a day, below its tenant.
func (p *printer) importedDay(day *ImportedDay, sameTenant bool) {
	if !sameTenant {
		p.printf("\n%s\n", p.bold(clean(day.Tenant)))
	}
	entry := fmt.Sprintf("entry %d", day.Entry)
	if !day.Added {
		entry += ", there already"
	}
	p.printf("  %s  %s  %s of %s points  %s\n", day.Date, padLeft(hundredths(day.Percent)+"%", 7), day.Achieved, day.Total, p.faint(entry))
	for _, finding := range day.Findings {
		p.hang("              ", clip(clean(finding), 2*maxText), plain)
	}
}

// proposals prints what became of decisions.
func (p *printer) proposals(file string, proposals []securescore.Proposal) {
	proposed := 0
	for i := range proposals {
		if proposals[i].Status != "" {
			proposed++
		}
	}
	p.printf("\n%s\n", p.bold(fmt.Sprintf("%s proposed in %s", plural(proposed, "decision"), clean(file))))
	for i := range proposals {
		d := &proposals[i]
		status := spaced(string(d.Status))
		if status == "" {
			status = "not proposed"
		}
		p.printf("  %s  %s\n", p.bold(clip(clean(d.ID), maxName)), clean(d.State)+" → "+status)
		if len(d.Lost) > 0 {
			p.hang("    ", clean(strings.Join(d.Lost, "; ")), plain)
		}
	}
}
