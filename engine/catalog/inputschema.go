package catalog

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/posture-score/posture/engine/internal/rego/check"
	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// This file works out what a rule sees, as JSON Schemas, from what its control declares.

// contextAt returns where a dataset in the context of a control is named.
func (c *Control) contextAt(dataset string) hcl.Range {
	if slices.Contains(c.AnyOf, dataset) {
		return c.written.at("any_of", dataset)
	}
	for _, named := range c.Names {
		if named.Dataset == dataset {
			return c.written.at("context", named.Name, "dataset")
		}
	}
	return c.written.at("context", dataset)
}

// checkDatasets checks every dataset that the control names, and reports whether all of them are known.
func (l *loader) checkDatasets(c *Control) bool {
	known := true
	for _, name := range c.Context {
		at := c.contextAt(name)
		d := l.dataset(name, at)
		if d != nil && d.Kind == schemas.Population {
			l.errorf(at, "Population as context",
				"%s can have millions of records, so no rule reads it whole: declare it as coverage, or join it.", name)
		}
		known = known && d != nil
	}
	l.checkSource(c)
	if c.Exception != "" {
		l.dataset(ExceptionDataset, c.written.at("exception"))
	}
	if c.Coverage == nil {
		return known
	}
	base := l.collection(c.Coverage.Dataset, c.written.at("coverage", c.Coverage.Dataset))
	if base == nil {
		return false
	}
	for i := range c.Coverage.Joins {
		known = l.checkJoin(c, base, &c.Coverage.Joins[i]) && known
	}
	for _, match := range c.Coverage.Match {
		l.checkMatch(c, base, match)
	}
	l.checkFresh(c, base)
	return known
}

// checkFresh wants a date and time to compare, and a number of days to compare it by.
func (l *loader) checkFresh(c *Control, base *schemas.Dataset) {
	fresh := c.Coverage.Fresh
	if fresh == nil {
		return
	}
	at := func(attribute string) hcl.Range { return c.written.at("coverage", base.Name, "fresh", attribute) }
	switch field, ok := property(base, fresh.Field).(map[string]any); {
	case !ok:
		l.errorf(at("field"), "Unknown field", "The records of %s have no field %q that could tell when they were last seen.%s", base.Name, clip(fresh.Field), suggest.Hint(fresh.Field, properties(base)))
	case field["format"] != "date-time":
		l.errorf(at("field"), "Not a time", "%s in the records of %s is no date and time: its schema has not the format date-time.", fresh.Field, base.Name)
	}
	i := slices.IndexFunc(c.Parameters, func(p Parameter) bool { return p.Name == fresh.Days })
	switch {
	case i < 0 && c.unclear: // the parameter may be there, with a mistake
	case i < 0:
		l.errorf(at("days"), "Unknown parameter", "No parameter %q is declared that could say how many days are not too long.%s", clip(fresh.Days), suggest.Hint(fresh.Days, parameterNames(c)))
	case c.Parameters[i].cty != cty.Number:
		l.errorf(at("days"), "Wrong type of parameter", "The parameter %s says how many days are not too long: declare it with type = number.", fresh.Days)
	default:
		at := c.written.at("parameter", fresh.Days, "default")
		if c.written.has("parameters") {
			at = c.written.at("parameters", fresh.Days)
		}
		l.checkDays(c, at)
	}
}

func (l *loader) checkJoin(c *Control, base *schemas.Dataset, join *Join) bool {
	at := func(attribute ...string) hcl.Range {
		return c.written.at(append([]string{"coverage", base.Name, "join", join.Name}, attribute...)...)
	}
	if property(base, join.Name) != nil {
		l.errorf(at(), "Join hides a field", "The records of %s have a field %q of their own: give the join another name.", base.Name, join.Name)
	}
	joined := l.collection(join.Dataset, at("dataset"))
	if joined == nil {
		return false
	}
	if join.On == "" {
		join.On = joined.Key
	} else if property(joined, join.On) == nil {
		l.errorf(at("on"), "Unknown field", "The records of %s have no field %q to join on.%s", join.Dataset, clip(join.On), suggest.Hint(join.On, properties(joined)))
	}
	return true
}

// checkMatch wants a field that can hold the value: a match that never holds would leave nothing to count.
func (l *loader) checkMatch(c *Control, base *schemas.Dataset, match Match) {
	at := c.written.matchAt(base.Name, match.Field)
	field, ok := property(base, match.Field).(map[string]any)
	if !ok {
		l.errorf(at, "Unknown field", "The records of %s have no field %q to match.%s", base.Name, clip(match.Field), suggest.Hint(match.Field, properties(base)))
		return
	}
	if allowed := scalars(field); len(allowed) > 0 && !slices.Contains(allowed, scalar(match.Value)) {
		l.errorf(at, "Invalid match", "%s in the records of %s is a %s, which a %s never equals.", match.Field, base.Name, strings.Join(allowed, " or "), scalar(match.Value))
	}
}

// scalars returns the types that a field's schema allows, null aside; none if it doesn't say.
func scalars(field map[string]any) []string {
	var allowed []string
	for _, name := range append(list(field["type"]), field["type"]) {
		switch name {
		case "integer":
			allowed = append(allowed, "number")
		case "string", "number", "boolean", "array", "object":
			allowed = append(allowed, name.(string))
		}
	}
	return allowed
}

func list(value any) []any {
	values, _ := value.([]any)
	return slices.Clone(values)
}

func scalar(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	default:
		return "number"
	}
}

func (l *loader) dataset(name string, at hcl.Range) *schemas.Dataset {
	d, ok := l.datasets.Dataset(name)
	if !ok && slices.Contains(l.invalid, name) {
		return nil // its schema has mistakes, which are reported
	}
	if !ok {
		l.errorf(at, "Unknown dataset", "No dataset %q is known.%s", clip(name), suggest.Hint(name, l.datasets.Names()))
		return nil
	}
	return d
}

// collection returns the dataset if it has records.
func (l *loader) collection(name string, at hcl.Range) *schemas.Dataset {
	d := l.dataset(name, at)
	if d != nil && d.Kind == schemas.Document {
		l.errorf(at, "Not a collection", "%s is one document, without records to count: declare it as context.", name)
		return nil
	}
	return d
}

// inputSchema returns what the control's rule sees. Its datasets are known.
func (l *loader) inputSchema(c *Control) *check.InputSchema {
	shape := &check.InputSchema{
		Evidence: map[string]map[string]any{}, Parameters: parametersSchema(c.Parameters),
		Context: map[string]string{}, Constants: c.Constants, Control: c.ID,
	}
	for _, named := range c.Names {
		shape.Context[named.Name] = named.Dataset
	}
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

// unknownSchema is for a rule whose control has mistakes: any input, any parameters, and every
// dataset, so that the rule is not blamed for what the control leaves open.
func (l *loader) unknownSchema() *check.InputSchema {
	shape := &check.InputSchema{Evidence: map[string]map[string]any{}, Parameters: map[string]any{"type": "object"}, Open: true}
	for _, name := range l.datasets.Names() {
		if d, ok := l.datasets.Dataset(name); ok {
			shape.Evidence[name] = whole(d)
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
		fields[p.Name] = typeSchema(p.cty, p.Format)
	}
	return objectSchema(fields)
}

// typeSchema is the JSON Schema of a parameter's type, whose texts have a format if it is not empty.
func typeSchema(t cty.Type, format string) map[string]any {
	switch {
	case t == cty.String && format != "":
		return map[string]any{"type": "string", "format": format}
	case t == cty.String:
		return map[string]any{"type": "string"}
	case t == cty.Number:
		return map[string]any{"type": "number"}
	case t == cty.Bool:
		return map[string]any{"type": "boolean"}
	case t.IsListType() || t.IsSetType():
		return map[string]any{"type": "array", "items": typeSchema(t.ElementType(), format)}
	case t.IsMapType():
		return map[string]any{"type": "object", "additionalProperties": typeSchema(t.ElementType(), format)}
	case t.IsObjectType():
		fields := map[string]any{}
		for name, field := range t.AttributeTypes() {
			fields[name] = typeSchema(field, format)
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

// regoPathIn returns the path of the Rego file inside its source, as its package says.
func regoPathIn(f *ruleFile) string {
	return fmt.Sprintf("%s.rego", strings.ReplaceAll(strings.TrimPrefix(f.pkg, "policies."), ".", "/"))
}
