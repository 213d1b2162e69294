package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine"
)

// Bounds of what the text of a trial shows. JSON shows longer lists.
const (
	trialLines    = 80   // of each part
	trialElements = 5    // of a list
	trialJSON     = 1000 // of a list in JSON
)

// Trial is the page of one control that was tried on one record, or on the tenant.
type Trial struct {
	Trial *engine.Trial
	Trace string // full, fails or off
}

func (page Trial) document() any {
	bounded := *page.Trial
	bounded.Input, bounded.Parameters = bound(bounded.Input, trialJSON), bound(bounded.Parameters, trialJSON)
	bounded.Context, _ = bound(bounded.Context, trialJSON).(map[string]any)
	if page.Trace == "off" {
		bounded.Decisions = slices.Clone(bounded.Decisions)
		for i := range bounded.Decisions {
			bounded.Decisions[i].Failures = nil
		}
	}
	return struct {
		SchemaVersion string `json:"schema_version"`
		*engine.Trial
	}{schemaVersion, &bounded}
}

// bound returns decoded JSON with lists of a bounded length. A text takes the place of what is left out.
func bound(value any, most int) any {
	switch value := value.(type) {
	case []any:
		list := make([]any, 0, min(len(value), most+1))
		for i, element := range value {
			if i == most {
				list = append(list, fmt.Sprintf("... %d more", len(value)-most))
				break
			}
			list = append(list, bound(element, most))
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(value))
		for name, member := range value {
			object[name] = bound(member, most)
		}
		return object
	}
	return value
}

func (page Trial) text(p *printer) {
	t := page.Trial
	p.hang("", clip(clean(t.Action.Title), maxText), p.bold)
	p.hang("", fmt.Sprintf("%s, a control of the kind %s, as of %s", clean(t.Control), t.Kind, t.Now.Format("2006-01-02 15:04 MST")), p.faint)
	p.trialRecord(t)
	if t.Action.Kind != "attested" {
		if t.Record != nil {
			p.json("Input", t.Input)
		}
		for _, name := range slices.Sorted(maps.Keys(t.Context)) {
			if empty, ok := t.Context[name].(map[string]any); ok && len(empty) == 0 && t.Kind == "coverage" {
				continue // it reads the record alone
			}
			title := "data." + name
			if name == "evidence" && t.Kind != "coverage" {
				title = "Input, and data.evidence"
			}
			p.json(title, t.Context[name])
		}
		p.contextNames(t.Names)
		p.json("data.parameters", t.Parameters)
		if len(t.Constants) > 0 {
			p.json("data.constants", t.Constants)
		}
		p.decisions(t, page.Trace)
	}
	p.title("Outcome")
	a := t.Action
	p.hang("  ", fmt.Sprintf("%s: %s of %s points%s", a.Outcome, a.Points.Achieved, a.Points.Max, compliance(a.Coverage)), plain)
	for _, reason := range a.Reasons {
		p.hang("  - ", clean(reason), plain)
	}
}

// trialRecord prints which record is tried, and how to choose another.
func (p *printer) trialRecord(t *engine.Trial) {
	r := t.Record
	switch {
	case t.Action.Kind == "attested":
		p.title("Rule")
		p.hang("  ", "none: a claim in attestation.claims decides an attested control", plain)
		return
	case r == nil && t.Kind == "coverage":
		p.title("Record")
		p.hang("  ", "none: no record was counted, so that the rule was not asked", plain)
		return
	case r == nil:
		return
	}
	p.title("Record")
	p.hang("  ", fmt.Sprintf("%s of %s: %s", clean(engine.Record{Key: r.Key, Label: r.Label}.String()), r.Dataset, r.Chosen), plain)
	p.hang("  ", clean(r.Verdict), plain)
	for _, reason := range r.Reasons {
		p.hang("  - ", clean(reason), plain)
	}
	if others := slices.DeleteFunc(slices.Clone(r.Failing), func(other engine.Record) bool { return other.Key == r.Key }); len(others) > 0 {
		p.hang("  ", "others fail, too, and --record KEY chooses one: "+clean(strings.Join(names(others), ", ")), p.faint)
	}
}

// contextNames prints which datasets the names of a rule stand for.
func (p *printer) contextNames(names map[string]string) {
	if len(names) > 0 {
		p.title("data.context")
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		text := "nothing: the control has no dataset of that name"
		if names[name] != "" {
			text = "data.evidence." + names[name]
		}
		p.hang(fmt.Sprintf("  %s is ", clean(name)), text, plain)
	}
}

// json prints a value as JSON, as far as that fits.
func (p *printer) json(title string, value any) {
	p.title(title)
	p.bounded(strings.Split("  "+layout(bound(value, trialElements), "  "), "\n"))
}

// layout returns decoded JSON with each object and list on one line if it fits there. The margin is that of lines after the first.
func layout(value any, margin string) string {
	const width = 100
	text := oneLine(value)
	if len(margin)+len(text) <= width {
		return text
	}
	var open, end string
	var parts []string
	inner := margin + "  "
	switch value := value.(type) {
	case map[string]any:
		open, end = "{", "}"
		for _, name := range slices.Sorted(maps.Keys(value)) {
			parts = append(parts, inner+oneLine(name)+": "+layout(value[name], inner))
		}
	case []any:
		open, end = "[", "]"
		for _, element := range value {
			parts = append(parts, inner+layout(element, inner))
		}
	default:
		return text
	}
	return open + "\n" + strings.Join(parts, ",\n") + "\n" + margin + end
}

// oneLine returns decoded JSON on one line.
func oneLine(value any) string {
	switch value := value.(type) {
	case map[string]any:
		var members []string
		for _, name := range slices.Sorted(maps.Keys(value)) {
			members = append(members, oneLine(name)+": "+oneLine(value[name]))
		}
		return "{" + strings.Join(members, ", ") + "}"
	case []any:
		elements := make([]string, len(value))
		for i, element := range value {
			elements[i] = oneLine(element)
		}
		return "[" + strings.Join(elements, ", ") + "]"
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(text.String())
}

// bounded prints lines, as many as a part of a trial may have.
func (p *printer) bounded(lines []string) {
	for i, line := range lines {
		if i == trialLines && len(lines) > trialLines+1 {
			p.printf("  ... and %d lines more, which --format json shows\n", len(lines)-trialLines)
			break
		}
		p.printf("%s\n", clean(line))
	}
}

// decisions prints what the rule decides, and why.
func (p *printer) decisions(t *engine.Trial, trace string) {
	p.title("Decisions")
	if len(t.Decisions) == 0 {
		p.hang("  ", "none: there is nothing to ask the rule about", plain)
	}
	for _, d := range t.Decisions {
		value := "undefined"
		switch {
		case d.Error != "":
			value = "an error: " + d.Error
		case d.Defined:
			value = oneLine(bound(d.Value, trialJSON))
		}
		p.hang(fmt.Sprintf("  %-15s ", d.Name), clip(clean(value), maxText), plain)
		if trace != "off" {
			p.bounded(failureLines(d.Failures, "    "))
		}
		for _, step := range d.Steps {
			p.printf("    %s\n", clean(step))
		}
	}
}

func compliance(c *engine.Coverage) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf(", %d of %d records in scope comply", c.Compliant, c.InScope)
}
