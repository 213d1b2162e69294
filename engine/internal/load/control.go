package load

import (
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a violation of a schema affects those controls that read the field, and no others.
//
// Invariant: a control that requires a source counts unless the organization says that it does so only
// with the source, and the source is known to be absent.

// Inapplicable returns why a control does not apply to the tenant; "" if it does.
func (e *Evidence) Inapplicable(control *catalog.Control) string {
	// Only products of which the tenant has a license count, whatever the plan.
	if product, ok := e.Rules.Catalog.Product(control.Product); ok && !e.licensed(product) {
		return fmt.Sprintf("the tenant has no license of %s", product.Title)
	}
	if control.SourceSetting.Required && e.source(control) == absent {
		return fmt.Sprintf("it counts only if %s, which is not the case", sourceTitle(control))
	}
	return ""
}

// licensed reports whether the tenant may have a license of a product.
func (e *Evidence) licensed(product *catalog.Product) bool {
	held, known := e.products[product.ID]
	if !known {
		held = !e.Licenses.Known || e.Licenses.Hold(product.ServicePlans, product.PlanIDs)
		e.products[product.ID] = held
	}
	return held
}

// presence is what is known of a source.
type presence int

const (
	unknown presence = iota
	present
	absent
)

// source reports whether the source that a control requires is there: as the organization says, or
// else as the evidence shows.
func (e *Evidence) source(control *catalog.Control) presence {
	if connected := control.SourceSetting.Connected; connected != nil {
		if *connected {
			return present
		}
		return absent
	}
	switch d := e.Datasets[control.RequiresSource]; {
	case d == nil || !d.Collected():
		return unknown
	case d.Records == 0:
		return absent
	}
	return present
}

// sourceTitle names the source of a control, as a condition.
func sourceTitle(control *catalog.Control) string {
	if title := catalog.Sources()[control.RequiresSource]; title != "" {
		return title + " is connected"
	}
	return control.RequiresSource + " has a record"
}

// SourceFinding returns that Microsoft scores a control only with its source; "" if that is known to be
// there or the control requires none.
func (e *Evidence) SourceFinding(control *catalog.Control) string {
	switch found := e.source(control); {
	case control.RequiresSource == "" || found == present:
		return ""
	case found == absent:
		return fmt.Sprintf("Microsoft counts it only if %s, which is not the case", sourceTitle(control))
	}
	return fmt.Sprintf("Microsoft counts it only if %s", sourceTitle(control))
}

// MissingDatasets returns the datasets that a control needs and the bundle doesn't hold, sorted.
func (e *Evidence) MissingDatasets(control *catalog.Control) []string {
	var names []string
	for _, name := range e.Rules.factsOf(control).datasets {
		// One of the datasets in AnyOf is enough.
		spared := slices.Contains(control.AnyOf, name) && slices.ContainsFunc(control.AnyOf, func(other string) bool {
			return other != name && e.Datasets[other].Collected()
		})
		if !e.Datasets[name].Collected() && !spared {
			names = append(names, name)
		}
	}
	return names
}

// invalid returns why a document that a control reads can't be relied on; "" if it can. A required
// field that is missing makes it invalid for coverage controls alone: to tenant-wide controls it is
// missing evidence.
func (e *Evidence) invalid(control *catalog.Control, dataset string) string {
	tenantWide := control.Kind == catalog.KindSetting || control.Kind == catalog.KindGraded
	if v := e.violation(control, dataset, func(v *Violation) bool { return !v.missing || !tenantWide }); v != nil {
		return v.String()
	}
	return ""
}

// Sufficient reports whether all that a control reads is there and can be relied on.
func (e *Evidence) Sufficient(control *catalog.Control) bool {
	return len(e.MissingDatasets(control)) == 0 && e.InvalidDataset(control) == ""
}

// InvalidDataset returns which dataset of a control can't be relied on, and why; "" if all can.
func (e *Evidence) InvalidDataset(control *catalog.Control) string {
	for _, name := range e.Rules.factsOf(control).datasets {
		if violation := e.invalid(control, name); violation != "" {
			return fmt.Sprintf("%s is not what its schema says: %s", name, violation)
		}
	}
	return ""
}

// LacksRequiredField reports whether a document lacks a required field that a control reads.
func (e *Evidence) LacksRequiredField(control *catalog.Control) bool {
	return slices.ContainsFunc(control.Context, func(name string) bool {
		return e.violation(control, name, func(v *Violation) bool { return v.missing }) != nil
	})
}

// violation returns the first structural violation in what a control reads of a document, of those
// that are wanted; nil if there is none.
func (e *Evidence) violation(control *catalog.Control, dataset string, wanted func(*Violation) bool) *Violation {
	d := e.Datasets[dataset]
	if d.Mask == nil || len(d.Violations.structural) == 0 {
		return nil
	}
	mask := e.Rules.DocumentMask(control, dataset, Relevant)
	if d.Spec.Kind != schemas.Document && !mask.Whole {
		mask = mask.Each // of the records in the list
	}
	return d.Violations.first(mask, wanted)
}

// Usable reports whether a dataset is there, and what the control reads of it can be relied on.
func (e *Evidence) Usable(control *catalog.Control, dataset string) bool {
	return e.Datasets[dataset].Collected() && e.invalid(control, dataset) == ""
}

// HasDocument reports whether any document of a control is usable, or it reads none.
func (e *Evidence) HasDocument(control *catalog.Control) bool {
	return len(control.Context) == 0 || slices.ContainsFunc(control.Context, func(name string) bool { return e.Usable(control, name) })
}

// Environment returns what the rule of a control sees besides its input: its usable documents, its
// parameters and the time. Controls with the same documents share what follows from these alone.
func (e *Evidence) Environment(control *catalog.Control) *eval.Env {
	usable := control.Context
	unusable := func(name string) bool { return !e.Usable(control, name) }
	if slices.ContainsFunc(usable, unusable) {
		usable = slices.DeleteFunc(slices.Clone(usable), unusable)
	}
	key := strings.Join(usable, " ") // sorted
	if e.environments[key] == nil {
		documents := map[string]ast.Value{}
		for _, name := range usable {
			documents[name] = e.Datasets[name].Value
		}
		e.environments[key] = eval.NewEnv(e.Now, documents, ast.NewObject())
	}
	if len(control.Parameters) == 0 {
		return e.environments[key]
	}
	return e.environments[key].WithParameters(e.Parameters(control))
}
