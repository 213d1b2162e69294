package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/validate"
)

// Validation is the page of what a check of evidence found.
type Validation struct{ Report *validate.Report }

func (page Validation) document() any { return page.Report }

func (page Validation) table(p *printer) {
	r := page.Report
	for _, v := range r.Violations {
		where := clean(v.File)
		if v.Record > 0 {
			where += fmt.Sprintf(": record %d", v.Record)
		}
		if v.Key != "" {
			where += " " + clip(clean(v.Key), maxName)
		}
		if v.Pointer != "" {
			where += ": " + clean(v.Pointer)
		}
		p.violation(where + ": " + clean(v.Message))
	}
	if more := r.Total - int64(len(r.Violations)); more > 0 {
		p.printf("and %s\n", plural(more, "more violation"))
	}
	records, failed := int64(0), 0
	for _, d := range r.Datasets {
		records += d.Records
		if d.Status == evidence.Failed {
			failed++
		}
		if !d.Known {
			p.violation(fmt.Sprintf("warning: no schema of %s is known; nothing reads it", clean(d.Name)))
		}
		if d.LimitWarning != "" {
			p.violation("warning: " + clean(d.LimitWarning))
		}
		for _, t := range d.Truncated {
			p.violation(fmt.Sprintf("warning: %s: %s was cut off in %s: save it again with -Depth 10; a control that reads it has no evidence", clean(d.Name), clean(t.Field), clean(t.File)))
		}
	}
	text := fmt.Sprintf("%s, %s, %s", plural(len(r.Datasets), "dataset"), plural(records, "record"), plural(r.Total, "violation"))
	if failed > 0 {
		text += fmt.Sprintf("; %d could not be collected", failed)
	}
	p.hang("", text, plain)
}

// violation prints what is wrong with one place: in a pipe on one line, for programs that search lines.
func (p *printer) violation(text string) {
	lines := []string{text}
	if p.room() < columns(text) {
		lines = wrap(text, p.columns()-2)
	}
	p.printf("%s\n", strings.Join(lines, "\n  "))
}

func tenantOf(t evidence.Tenant) string {
	switch {
	case t.ID == "":
		return cmp.Or(t.Name, "unnamed")
	case t.Name == "":
		return t.ID
	}
	return t.Name + " (" + t.ID + ")"
}

// Bundle is the page of what a bundle holds.
type Bundle struct{ Bundle *evidence.Bundle }

func (page Bundle) document() any { return page.Bundle.Manifest() }

func (page Bundle) table(p *printer) {
	m := page.Bundle.Manifest()
	p.field("tenant", tenantOf(m.Tenant))
	p.field("collector", m.Collector.Name+" "+m.Collector.Version)
	if !m.CollectedAt.IsZero() {
		p.field("collected at", m.CollectedAt.UTC().Format("2006-01-02 15:04:05 MST"))
	}
	p.field("digest", page.Bundle.Digest())
	p.printf("\n")
	t := grid{columns: []gridColumn{{head: "DATASET", id: true}, {head: "RECORDS", right: true}, {head: "COLLECTED AT", least: leastText, wraps: true}}}
	for _, d := range m.Datasets {
		if d.Status == evidence.Failed {
			t.add(d.Name, "-", "could not be collected: "+clip(clean(d.Reason), maxText))
			continue
		}
		at := ""
		if !d.CollectedAt.IsZero() {
			at = d.CollectedAt.UTC().Format("2006-01-02 15:04:05 MST")
		}
		t.add(d.Name, fmt.Sprint(d.Records), at)
		if text := cutOff(d.Truncated); text != "" {
			t.below(text)
		}
	}
	p.grid(&t)
}

// cutOff returns which fields of a dataset a serializer cut off.
func cutOff(fields []evidence.Truncated) string {
	if len(fields) == 0 {
		return ""
	}
	var names []string
	for _, t := range fields[:min(len(fields), maxReasons)] {
		names = append(names, clean(t.Field)+" in "+clean(t.File))
	}
	text := "cut off: " + strings.Join(names, ", ")
	if more := len(fields) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}
