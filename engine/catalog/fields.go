package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/internal/suggest"
)

// Invariant: what is reported as unused can't change any result, whatever the evidence is.

// checkFields checks what rules read, through functions and shared modules: fields that no schema
// has, and what controls declare that their rules never read.
func (c *collector) checkFields(ctx context.Context, made *compiled, catalog *Catalog) {
	unknown, reads := made.rules.Fields(ctx, made.modules)
	c.rego(unknown)
	seen, unused := map[string]bool{}, unusedParts{found: map[hcl.Range]*hcl.Diagnostic{}, read: map[hcl.Range]bool{}}
	for _, id := range catalog.ids() {
		control := made.byID[id]
		read, ok := reads[control.Package]
		if !ok || seen[control.Package] || control.Stage == StageDeprecated {
			continue
		}
		seen[control.Package] = true
		unused.control(control, read)
		c.checkNames(made.rules, control)
	}
	for at, diagnostic := range unused.found {
		if !unused.read[at] {
			c.diags = append(c.diags, diagnostic)
		}
	}
}

// unusedParts are the parts of controls that their rules don't read, by position: joins and
// documents cost time and have to be collected, and a parameter that is not read has no effect.
// What several controls share is used if the rule of one of them reads it.
type unusedParts struct {
	found map[hcl.Range]*hcl.Diagnostic
	read  map[hcl.Range]bool
}

// part notes whether something that is declared at a range is read.
func (u *unusedParts) part(at hcl.Range, read bool, summary, detail string) {
	u.read[at] = u.read[at] || read
	u.found[at] = &hcl.Diagnostic{Severity: hcl.DiagError, Summary: summary, Detail: detail, Subject: &at}
}

// control notes what the rule of a control reads of what the control declares.
func (u *unusedParts) control(control *Control, read check.Reads) {
	var joins []Join
	days := "" // the parameter that the engine reads
	if control.Coverage != nil {
		joins = control.Coverage.Joins
		if control.Coverage.Fresh != nil {
			days = control.Coverage.Fresh.Days
		}
	}
	for _, join := range joins {
		u.part(control.written.at("coverage", control.Coverage.Dataset, "join", join.Name), reaches(read.Input, join.Name),
			"Unused join", fmt.Sprintf("No rule reads input.%s: remove the join.", join.Name))
	}
	for _, name := range control.Context {
		at := control.written.at("context", name)
		if slices.Contains(control.AnyOf, name) {
			at = control.written.at("any_of", name)
		}
		if i := slices.IndexFunc(control.Names, func(n ContextName) bool { return n.Dataset == name }); i >= 0 {
			at = control.written.at("context", control.Names[i].Name)
		}
		area, dataset, _ := strings.Cut(name, ".")
		used := reaches(read.Data, "evidence", area, dataset) || control.Coverage == nil && reaches(read.Input, area, dataset)
		u.part(at, used, "Unused context", fmt.Sprintf("No rule reads %s, and the control would still need it as evidence: remove it.", name))
	}
	for _, p := range control.Parameters {
		u.part(control.written.at("parameter", p.Name), p.Name == days || reaches(read.Data, "parameters", p.Name),
			"Unused parameter", fmt.Sprintf("No rule reads data.parameters.%s: remove it.", p.Name))
	}
}

// reaches reports whether a value at a path, or anything around it, is read.
func reaches(mask *jsonscan.FieldMask, path ...string) bool {
	if mask == nil || len(path) == 0 || mask.Whole {
		return mask != nil
	}
	return reaches(mask.Each, path[1:]...) || reaches(mask.Fields[path[0]], path[1:]...)
}

// checkNames looks for rules that nothing refers to and whose names are nearly those of decisions.
func (c *collector) checkNames(rules *check.Set, control *Control) {
	decided := []string{RuleCompliant, RuleInScope, RuleApplicable, RuleNotApplicable, RuleFraction, RuleReasons, RuleEveryone}
	for _, name := range rules.Unreferenced(control.Package) {
		meant := suggest.Nearest(name, decided)
		if meant == "" || slices.Contains(decided, name) {
			continue
		}
		at, _ := rules.Location(control.Package, name)
		c.errorf(c.span(at.File, at.Row, at.Col, at.Row, at.Col+len(name)), "Rule without effect", "Nothing refers to %s, and it is no decision. Did you mean %q?", name, meant)
	}
}
