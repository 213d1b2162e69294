package policies

import (
	"fmt"
	"maps"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/posture-score/posture/policies/rule"
	"github.com/posture-score/posture/schemas"
)

// This file works out what a rule sees, as JSON Schemas, from what its control declares.

// checkDatasets checks every dataset that the control names.
func (l *loader) checkDatasets(c *Control) {
	for _, name := range c.Context {
		if d := l.dataset(c, name); d != nil && d.Kind == schemas.Population {
			l.errorf(c.Range, "Population as context",
				"%s can have millions of records, so no rule reads it whole: declare it as coverage, or join it.", name)
		}
	}
	if c.Exception != "" {
		l.dataset(c, ExceptionDataset)
	}
	if c.Coverage == nil {
		return
	}
	base := l.collection(c, c.Coverage.Dataset)
	for i, join := range c.Coverage.Joins {
		joined := l.collection(c, join.Dataset)
		if joined == nil || base == nil {
			continue
		}
		if join.On == "" {
			c.Coverage.Joins[i].On = joined.Key
		} else if property(joined, join.On) == nil {
			l.errorf(c.Range, "Unknown field", "The records of %s have no field %q to join on.%s", join.Dataset, clip(join.On), didYouMean(join.On, properties(joined)))
		}
		if property(base, join.Name) != nil {
			l.errorf(c.Range, "Join hides a field", "The records of %s have a field %q of their own: give the join another name.", base.Name, join.Name)
		}
	}
	for _, match := range c.Coverage.Match {
		if base != nil && property(base, match.Field) == nil {
			l.errorf(c.Range, "Unknown field", "The records of %s have no field %q to match.%s", base.Name, clip(match.Field), didYouMean(match.Field, properties(base)))
		}
	}
}

func (l *loader) dataset(c *Control, name string) *schemas.Dataset {
	d, ok := l.datasets.Dataset(name)
	if !ok {
		l.errorf(c.Range, "Unknown dataset", "No dataset %q is known.%s", clip(name), didYouMean(name, l.datasets.Names()))
		return nil
	}
	return d
}

// collection returns the dataset if it has records.
func (l *loader) collection(c *Control, name string) *schemas.Dataset {
	d := l.dataset(c, name)
	if d != nil && d.Kind == schemas.Document {
		l.errorf(c.Range, "Not a collection", "%s is one document, without records to count: declare it as context.", name)
		return nil
	}
	return d
}

// shape is what the control's rule sees. Datasets that are not known are left out: they are reported already.
func (l *loader) shape(c *Control) *rule.Shape {
	shape := &rule.Shape{Evidence: map[string]map[string]any{}, Parameters: parametersSchema(c.Parameters)}
	for _, name := range c.Context {
		if d, ok := l.datasets.Dataset(name); ok {
			shape.Evidence[name] = whole(d)
		}
	}
	if c.Coverage == nil {
		shape.Input = tenantInput(shape.Evidence)
		return shape
	}
	base, ok := l.datasets.Dataset(c.Coverage.Dataset)
	if !ok {
		return shape
	}
	shape.Input = maps.Clone(base.Shape())
	fields := maps.Clone(shape.Input["properties"].(map[string]any))
	shape.Input["properties"] = fields
	for _, join := range c.Coverage.Joins {
		if d, ok := l.datasets.Dataset(join.Dataset); ok {
			if fields[join.Name] = any(d.Shape()); join.Many {
				fields[join.Name] = map[string]any{"type": "array", "items": d.Shape()}
			}
		}
	}
	return shape
}

// whole is the schema of a dataset read whole: the document itself, or the list of its records.
func whole(d *schemas.Dataset) map[string]any {
	if d.Kind == schemas.Document {
		return d.Shape()
	}
	return map[string]any{"type": "array", "items": d.Shape()}
}

// tenantInput is the input of a tenant-wide rule: its datasets by their paths.
func tenantInput(evidence map[string]map[string]any) map[string]any {
	areas := map[string]any{}
	for _, name := range sortedKeys(evidence) {
		area, dataset, _ := strings.Cut(name, ".")
		if areas[area] == nil {
			areas[area] = objectSchema(map[string]any{})
		}
		areas[area].(map[string]any)["properties"].(map[string]any)[dataset] = evidence[name]
	}
	return objectSchema(areas)
}

func objectSchema(fields map[string]any) map[string]any {
	return map[string]any{"type": "object", "properties": fields}
}

func parametersSchema(parameters []Parameter) map[string]any {
	fields := map[string]any{}
	for _, p := range parameters {
		fields[p.Name] = typeSchema(p.Type)
	}
	return objectSchema(fields)
}

// typeSchema is the JSON Schema of a parameter's type.
func typeSchema(t cty.Type) map[string]any {
	switch {
	case t == cty.String:
		return map[string]any{"type": "string"}
	case t == cty.Number:
		return map[string]any{"type": "number"}
	case t == cty.Bool:
		return map[string]any{"type": "boolean"}
	case t.IsListType() || t.IsSetType():
		return map[string]any{"type": "array", "items": typeSchema(t.ElementType())}
	case t.IsMapType():
		return map[string]any{"type": "object", "additionalProperties": typeSchema(t.ElementType())}
	case t.IsObjectType():
		fields := map[string]any{}
		for name, field := range t.AttributeTypes() {
			fields[name] = typeSchema(field)
		}
		return objectSchema(fields)
	default:
		return map[string]any{}
	}
}

func property(d *schemas.Dataset, field string) any {
	fields, _ := d.Shape()["properties"].(map[string]any)
	return fields[field]
}

func properties(d *schemas.Dataset) []string {
	fields, _ := d.Shape()["properties"].(map[string]any)
	return sortedKeys(fields)
}

// regoPathIn is the path of the unit's Rego file inside its source, as its package tells it.
func regoPathIn(u *unit) string {
	return fmt.Sprintf("%s.rego", strings.ReplaceAll(strings.TrimPrefix(u.pkg, "policies."), ".", "/"))
}
