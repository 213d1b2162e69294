package load

import (
	"context"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// ControlDocument is a dataset of the context of a control, as far as its rule reads it.
type ControlDocument struct {
	Spec  *schemas.Dataset
	Value ast.Value           // nil if the bundle lacks it; of a list, with the key and the label of each record
	Read  *jsonscan.FieldMask // what the rule reads of it: of a list, of each record
}

// Documents reads the datasets in the context of one control, by name, in the canonical form that rules see. It validates nothing.
func Documents(ctx context.Context, rules *Rules, bundle *evidence.Bundle, control *catalog.Control) (map[string]ControlDocument, error) {
	only := rules.Only(control)
	all, found := datasets(only, bundle, Options{}), map[string]ControlDocument{}
	for _, name := range control.Context {
		d, mask := all[name], only.DocumentMask(control, name, Relevant)
		document := ControlDocument{Spec: d.Spec, Read: mask}
		d.Mask = mask.Clone()
		if d.Spec.Kind != schemas.Document {
			each := d.Mask.Elements()
			each.Field(d.Spec.Key)
			if d.Spec.Label != "" {
				each.Field(d.Spec.Label)
			}
			if document.Read = mask.Each; mask.Whole {
				document.Read = mask
			}
		}
		if d.Collected() {
			if err := d.readDocument(ctx); err != nil {
				return nil, err
			}
			document.Value = d.Value // nil if it turned out to be incomplete
		}
		found[name] = document
	}
	return found, nil
}
