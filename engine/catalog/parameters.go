package catalog

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/schemas"
)

// parameters reads the declarations and the control's values for them.
func (d *decoder) parameters(c *Control) {
	given, _ := d.object(d.Values, d.names, "parameters")
	declared := map[string]bool{}
	for _, block := range d.Parameters {
		if declared[block.Name] {
			d.errorf(block.Range, "Duplicate parameter", "The parameter %s is declared twice.", block.Name)
			continue
		}
		declared[block.Name] = true
		if p, ok := d.parameter(block, given); ok {
			c.Parameters = append(c.Parameters, p)
		} else {
			c.unclear = true
		}
	}
	for _, name := range sortedKeys(given) {
		if !declared[name] {
			d.errorf(d.at("parameters", name), "Unknown parameter", "No parameter %q is declared.%s", clip(name), suggest.Hint(name, slices.Sorted(maps.Keys(declared))))
		}
	}
	slices.SortFunc(c.Parameters, func(a, b Parameter) int { return strings.Compare(a.Name, b.Name) })
}

func (d *decoder) parameter(block parameterBlock, given map[string]cty.Value) (Parameter, bool) {
	p := Parameter{Name: block.Name, Description: optional(block.Description, ""), Format: optional(block.Format, "")}
	if !validName.MatchString(block.Name) {
		d.errorf(block.Range, "Invalid parameter name", "%q is not letters, digits and underscores that start with a letter.", clip(block.Name))
		return p, false
	}
	if v, diags := block.Type.Value(nil); !diags.HasErrors() && v.IsNull() {
		d.errorf(block.Range, "Parameter without a type", "Say which values %s takes: type = number, string, bool, list(string), map(number), object({ name = string }), any.", p.Name)
		return p, false
	}
	t, diags := typeexpr.TypeConstraint(block.Type)
	if diags.HasErrors() {
		d.add(diags)
		return p, false
	}
	p.Type, p.cty = typeexpr.TypeString(t), t
	if _, known := schemas.FormatFold(p.Format); !known && p.Format != "" {
		d.errorf(block.Range, "Unknown format", "%q is no format of texts that compare without case. Write one of these: %s.", clip(p.Format), strings.Join(schemas.Formats(), ", "))
		return p, false
	}
	if p.Exceptions = block.Exceptions != nil && *block.Exceptions; p.Exceptions && !t.Equals(cty.List(cty.String)) {
		d.errorf(block.Range, "Wrong type of parameter", "Evidence adds ids to the parameter %s: exceptions = true asks for type = list(string).", p.Name)
		return p, false
	}
	value, at := given[block.Name], block.Default.Range()
	if value != cty.NilVal {
		at = d.at("parameters", block.Name)
	} else if value, diags = block.Default.Value(d.names); diags.HasErrors() {
		d.add(diags)
		return p, false
	}
	if value.IsNull() {
		d.errorf(block.Range, "Parameter without a value", "Give %s a default, or give each control of the file a value: parameters = { %s = ... }.", p.Name, p.Name)
		return p, false
	}
	var ok bool
	p.Value, ok = d.convert(value, p, at)
	return p, ok
}

// convert turns a value into the parameter's type, as decoded JSON, and into the canonical form of
// its format.
func (c *collector) convert(value cty.Value, p Parameter, at hcl.Range) (any, bool) {
	converted, err := convertTo(value, p.cty)
	if err == nil {
		var v any
		if v, err = plain(converted); err == nil {
			fold, _ := schemas.FormatFold(p.Format)
			return fold.Value(v), true
		}
	}
	c.errorf(at, "Wrong type of parameter", "The parameter %s is of type %s: %v.", p.Name, p.Type, err)
	return nil, false
}

// maxDays is how old records may be at most, to count: a hundred years are no limit.
const maxDays = 36_500

// checkDays wants a number of days that leaves something in scope.
func (c *collector) checkDays(control *Control, at hcl.Range) {
	if days := control.FreshDays(); days < 1 || days > maxDays {
		c.errorf(at, "Invalid number of days", "The parameter %s says how many days ago a record may have been last seen: 1 to %d, not %v.", control.Coverage.Fresh.Days, maxDays, days)
	}
}

// object evaluates an expression that has to be an object written out, or absent.
func (c *collector) object(expr hcl.Expression, names *hcl.EvalContext, attribute string) (map[string]cty.Value, bool) {
	if expr == nil {
		return nil, false
	}
	value, diags := expr.Value(names)
	if diags.HasErrors() {
		c.add(diags)
		return nil, false
	}
	if value.IsNull() {
		return nil, false
	}
	if !value.Type().IsObjectType() {
		c.errorf(expr.Range(), "Invalid "+attribute, "Write it as an object: %s = { name = value }.", attribute)
		return nil, false
	}
	return value.AsValueMap(), true
}

// plain returns the value as decoded JSON, with json.Number for numbers.
func plain(value cty.Value) (any, error) {
	if !value.IsWhollyKnown() {
		return nil, fmt.Errorf("the value is not known")
	}
	return plainKnown(value)
}

func plainKnown(value cty.Value) (any, error) {
	t := value.Type()
	switch {
	case value.IsNull():
		return nil, nil
	case t == cty.String:
		return strings.ToValidUTF8(value.AsString(), "\uFFFD"), nil
	case t == cty.Bool:
		return value.True(), nil
	case t == cty.Number:
		return plainNumber(value.AsBigFloat())
	case t.IsObjectType() || t.IsMapType():
		members := map[string]any{}
		for name, element := range value.AsValueMap() {
			v, err := plainKnown(element)
			if err != nil {
				return nil, err
			}
			members[name] = v
		}
		return members, nil
	case t.IsTupleType() || t.IsListType() || t.IsSetType():
		elements := []any{}
		for _, element := range value.AsValueSlice() {
			v, err := plainKnown(element)
			if err != nil {
				return nil, err
			}
			elements = append(elements, v)
		}
		return elements, nil
	}
	return nil, fmt.Errorf("a value of the type %s is none of JSON", t.FriendlyName())
}

// maxExponent bounds the numbers that expressions make: every digit of them is written out.
const maxExponent = 4096

// plainNumber returns a number as it is written in JSON, without an exponent.
func plainNumber(number *big.Float) (any, error) {
	if n, accuracy := number.Int64(); accuracy == big.Exact && n != 0 {
		return json.Number(strconv.FormatInt(n, 10)), nil
	}
	if exponent := number.MantExp(nil); number.IsInf() || exponent > maxExponent || exponent < -maxExponent {
		return nil, errors.New("the number is too large, or too close to zero")
	}
	return json.Number(number.Text('f', -1)), nil
}

// WithParameters returns the catalog with the values of an overrides file in place of the defaults.
// The file sets parameters of controls, and says of a source that controls require that they count
// only if it is there:
//
//	control "AdminMFAV2" {
//	  min_methods = 2
//	}
//
//	source "defender_cloud_apps.office_365_connector" {
//	  connected = false
//	}
//
// The error is *[Problems].
func (c *Catalog) WithParameters(filename string, text []byte) (*Catalog, error) {
	found := newCollector()
	file, diags := parseHCL(text, filename)
	if body, ok := file.Body.(*hclsyntax.Body); ok && !diags.HasErrors() {
		diags = hclsyntax.Walk(body, &loops{})
	}
	found.files[filename] = file
	found.add(diags)
	changed, ids := map[string]*Control{}, c.ids()
	if !diags.HasErrors() {
		content, diags := file.Body.Content(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{
			{Type: "control", LabelNames: []string{"id"}}, {Type: "source", LabelNames: []string{"id"}},
		}})
		found.add(diags)
		for _, block := range content.Blocks.OfType("control") {
			id := block.Labels[0]
			control, ok := c.Control(id)
			switch {
			case !ok:
				found.errorf(block.LabelRanges[0], "Unknown control", "The catalog has no control %q.%s", clip(id), suggest.Hint(id, ids))
			case changed[id] != nil:
				found.errorf(block.LabelRanges[0], "Duplicate control", "The file gives parameters of %s twice: put them in one block.", id)
			default:
				changed[id] = found.override(control, block.Body)
			}
		}
		seen := map[string]bool{}
		for _, block := range content.Blocks.OfType("source") {
			if seen[block.Labels[0]] {
				found.errorf(block.LabelRanges[0], "Duplicate source", "The file speaks of %s twice: put it in one block.", block.Labels[0])
				continue
			}
			seen[block.Labels[0]] = true
			var said sourceBlock
			found.add(decodeBody(block.Body, nil, &said))
			c.setSource(found, block, said, changed)
		}
	}
	if err := found.err(); err != nil {
		return nil, err
	}
	return c.replace(changed).overriding(c, filename, changed), nil
}

func (c *collector) override(control *Control, body hcl.Body) *Control {
	attrs, diags := body.JustAttributes()
	c.add(diags)
	overridden := *control
	overridden.Digest = "" // other values, other results
	overridden.Parameters = slices.Clone(control.Parameters)
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		i := slices.IndexFunc(overridden.Parameters, func(p Parameter) bool { return p.Name == name })
		if i < 0 {
			c.errorf(attrs[name].NameRange, "Unknown parameter", "The control %s has no parameter %q.%s", control.ID, clip(name), suggest.Hint(name, parameterNames(control)))
			continue
		}
		value, diags := attrs[name].Expr.Value(nil)
		c.add(diags)
		if diags.HasErrors() {
			continue
		}
		if value.IsNull() {
			c.errorf(attrs[name].Expr.Range(), "No value", "A parameter can't be null: leave the line out to keep the default.")
			continue
		}
		if v, ok := c.convert(value, overridden.Parameters[i], attrs[name].Expr.Range()); ok {
			overridden.Parameters[i].Value = v
			if control.Coverage != nil && control.Coverage.Fresh != nil && name == control.Coverage.Fresh.Days {
				c.checkDays(&overridden, attrs[name].Expr.Range())
			}
		}
	}
	return &overridden
}

func parameterNames(c *Control) []string {
	names := make([]string, len(c.Parameters))
	for i, p := range c.Parameters {
		names[i] = p.Name
	}
	return names
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
