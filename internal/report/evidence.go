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
		p.printf("%s: %s\n", where, clean(v.Message))
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
			p.printf("warning: no schema of %s is known; nothing reads it\n", clean(d.Name))
		}
		if d.LimitWarning != "" {
			p.printf("warning: %s\n", clean(d.LimitWarning))
		}
		for _, t := range d.Truncated {
			p.printf("warning: %s: %s was cut off in %s: save it again with -Depth 10; a control that reads it has no evidence\n", clean(d.Name), clean(t.Field), clean(t.File))
		}
	}
	p.printf("%s, %s, %s", plural(len(r.Datasets), "dataset"), plural(records, "record"), plural(r.Total, "violation"))
	if failed > 0 {
		p.printf("; %d could not be collected", failed)
	}
	p.printf("\n")
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
	width := len("DATASET")
	for _, d := range m.Datasets {
		width = max(width, len(d.Name))
	}
	p.printf("\n%s\n", p.bold(pad("DATASET", width)+"  RECORDS  COLLECTED AT"))
	for _, d := range m.Datasets {
		if d.Status == evidence.Failed {
			p.hang(pad(d.Name, width)+"  "+padLeft("-", 7)+"  ", "could not be collected: "+clip(clean(d.Reason), maxText), plain)
			continue
		}
		at := ""
		if !d.CollectedAt.IsZero() {
			at = d.CollectedAt.UTC().Format("2006-01-02 15:04:05 MST")
		}
		p.printf("%s  %s  %s\n", pad(d.Name, width), padLeft(fmt.Sprint(d.Records), 7), at)
		if text := cutOff(d.Truncated); text != "" {
			p.hang(strings.Repeat(" ", width+11), text, plain)
		}
	}
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
