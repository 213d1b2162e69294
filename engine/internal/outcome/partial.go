package outcome

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/load"
	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: partial evidence without any choice is the evidence, with an unknown for each absent field
// that a rule reads and the schema expects, and for each missing dataset.

// Bounds of partial evidence.
const (
	maxUnknowns = 20_000 // if more fields are absent nothing is found out about them
	maxNested   = 16     // levels of objects
)

// Absent is a field that could change an outcome and that the evidence lacks.
type Absent struct {
	Dataset string
	Field   string // dotted, without list indexes
	Records int64  // how many records of a list lack it
}

// unknown is a value that the evidence lacks.
type unknown struct {
	dataset  string
	path     string // of a field, dotted, without list indexes; "" for the dataset itself
	record   int    // of a list; less than 0 for a document
	root     int    // the outermost unknown that contains this one: itself, if none does
	absent   bool   // it is a field of an object that is there; a rule may define what it takes it for
	optional bool   // it may stay absent
	schema   map[string]any
	names    []*ast.Term // of an object that may be the value, once it is expanded
	members  []*partialValue
}

// field returns an unknown at a field.
func (u unknown) field(name string) unknown {
	child := unknown{dataset: u.dataset, path: name, record: u.record, root: -1}
	if u.path != "" {
		child.path = u.path + "." + name
	}
	return child
}

// partialValue is a value with unknowns in it.
type partialValue struct {
	term    *ast.Term // of a value without unknowns
	unknown int       // id of an unknown; less than 0 for a value
	names   []*ast.Term
	members []*partialValue // of an object, by names, or of a list
}

func known(value ast.Value) *partialValue {
	return &partialValue{term: ast.NewTerm(value), unknown: -1}
}

// partialEvidence is the datasets that a control reads, with unknowns in them.
type partialEvidence struct {
	datasets map[string]*partialValue
	unknowns []unknown
	optional map[string][]string // fields that may be absent, by dataset
	overflow bool                // there are too many unknowns
	expected map[expectedKey][]*ast.Term
}

// addMissing adds a dataset as an unknown.
func (p *partialEvidence) addMissing(name string, spec *schemas.Dataset) {
	u := unknown{dataset: name, record: -1, root: -1}
	if spec != nil && spec.Kind == schemas.Document {
		u.schema, p.optional[name] = spec.Shape(), spec.Optional
	}
	p.datasets[name] = p.add(u)
}

// addDataset adds a dataset that is there, with an unknown for each absent field that the mask reads.
func (p *partialEvidence) addDataset(d *load.Dataset, mask *jsonscan.FieldMask) {
	p.optional[d.Name] = d.Spec.Optional
	schema := d.Spec.Shape()
	if d.Spec.Kind != schemas.Document {
		schema = map[string]any{"type": "array", "items": schema}
	}
	partial := p.value(d.Value, mask, schema, unknown{dataset: d.Name, record: -1}, 0)
	if partial == nil {
		partial = known(d.Value)
	}
	p.datasets[d.Name] = partial
}

// add adds an unknown.
func (p *partialEvidence) add(u unknown) *partialValue {
	id := len(p.unknowns)
	if u.root < 0 {
		u.root = id
	}
	p.unknowns = append(p.unknowns, u)
	p.overflow = p.overflow || len(p.unknowns) > maxUnknowns
	return &partialValue{unknown: id}
}

// mayLack reports whether a field, or something that contains it, is optional.
func (p *partialEvidence) mayLack(field unknown) bool {
	return slices.ContainsFunc(p.optional[field.dataset], func(optional string) bool {
		return field.path == optional || strings.HasPrefix(field.path, optional+".")
	})
}

// value returns a value with its unknowns; nil if it has none. The unknown at is where the value is.
func (p *partialEvidence) value(value ast.Value, mask *jsonscan.FieldMask, schema map[string]any, at unknown, depth int) *partialValue {
	if mask == nil || depth > maxNested || p.overflow {
		return nil
	}
	switch value := value.(type) {
	case ast.Object:
		return p.object(value, mask, schema, at, depth)
	case *ast.Array:
		return p.list(value, mask, schema, at, depth)
	}
	return nil
}

func (p *partialEvidence) list(value *ast.Array, mask *jsonscan.FieldMask, schema map[string]any, at unknown, depth int) *partialValue {
	each := mask.Each
	if mask.Whole {
		each = mask
	}
	items, _ := schema["items"].(map[string]any)
	var partial *partialValue
	for i := range value.Len() {
		if depth == 0 {
			at.record = i
		}
		member := p.value(value.Elem(i).Value, each, items, at, depth+1)
		if member == nil && partial == nil {
			continue
		}
		if partial == nil {
			partial = &partialValue{unknown: -1}
			for before := range i {
				partial.members = append(partial.members, known(value.Elem(before).Value))
			}
		}
		if member == nil {
			member = known(value.Elem(i).Value)
		}
		partial.members = append(partial.members, member)
	}
	return partial
}

func (p *partialEvidence) object(value ast.Object, mask *jsonscan.FieldMask, schema map[string]any, at unknown, depth int) *partialValue {
	properties, _ := schema["properties"].(map[string]any)
	var partial *partialValue
	members := 0
	value.Foreach(func(key, member *ast.Term) {
		child := p.member(key, member, mask, properties, at, depth)
		switch {
		case child != nil && partial == nil:
			partial = firstMembers(value, members)
			partial.add(key, child)
		case child != nil:
			partial.add(key, child)
		case partial != nil:
			partial.add(key, known(member.Value))
		}
		members++
	})
	for _, name := range p.expectedFields(mask, properties) {
		if value.Get(name) != nil {
			continue
		}
		text := string(name.Value.(ast.String))
		field := at.field(text)
		if p.mayLack(field) {
			continue
		}
		field.absent = true
		field.schema, _ = properties[text].(map[string]any)
		if partial == nil {
			partial = firstMembers(value, members)
		}
		partial.add(name, p.add(field))
	}
	return partial
}

// member returns a member of an object with its unknowns; nil if it has none.
func (p *partialEvidence) member(key, member *ast.Term, mask *jsonscan.FieldMask, properties map[string]any, at unknown, depth int) *partialValue {
	switch member.Value.(type) {
	case ast.Object, *ast.Array:
	default:
		return nil
	}
	name, _ := key.Value.(ast.String)
	property, _ := properties[string(name)].(map[string]any)
	return p.value(member.Value, memberMask(mask, string(name)), property, at.field(string(name)), depth+1)
}

// firstMembers returns an object of the first n members, which have no unknowns.
func firstMembers(value ast.Object, n int) *partialValue {
	partial := &partialValue{unknown: -1}
	value.Foreach(func(key, member *ast.Term) {
		if len(partial.names) < n {
			partial.add(key, known(member.Value))
		}
	})
	return partial
}

// add adds a member to an object.
func (v *partialValue) add(name *ast.Term, member *partialValue) {
	v.names, v.members = append(v.names, name), append(v.members, member)
}

// memberMask returns what a mask reads of a member of an object; nil if nothing.
func memberMask(mask *jsonscan.FieldMask, name string) *jsonscan.FieldMask {
	switch {
	case mask.Whole:
		return mask
	case mask.Each == nil:
		return mask.Fields[name]
	case mask.Fields[name] == nil:
		return mask.Each
	}
	member := &jsonscan.FieldMask{}
	member.Add(mask.Each)
	member.Add(mask.Fields[name])
	return member
}

// expectedKey is what the expected fields of an object depend on: the very mask, and the very properties.
type expectedKey struct {
	mask       *jsonscan.FieldMask
	properties uintptr
}

// maxExpected bounds for how many kinds of objects the expected fields are remembered.
const maxExpected = 1_000

// expectedFields returns the fields of an object that a mask reads: those that the schema names and then
// the others, each sorted. All records of a list have the same.
func (p *partialEvidence) expectedFields(mask *jsonscan.FieldMask, properties map[string]any) []*ast.Term {
	key := expectedKey{mask, reflect.ValueOf(properties).Pointer()}
	if names, known := p.expected[key]; known {
		return names
	}
	var names []*ast.Term
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if mask.Whole || mask.Each != nil || mask.Fields[name] != nil {
			names = append(names, ast.StringTerm(name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(mask.Fields)) {
		if properties[name] == nil {
			names = append(names, ast.StringTerm(name))
		}
	}
	if p.expected == nil {
		p.expected = map[expectedKey][]*ast.Term{}
	}
	if len(p.expected) < maxExpected {
		p.expected[key] = names
	}
	return names
}

// choice is a possible value of an unknown.
type choice struct {
	term   *ast.Term // nil for the others
	object bool      // an object of further unknowns
	absent bool      // no value
}

// choices returns the possible values of an unknown by its schema; finite reports whether these are all.
func (p *partialEvidence) choices(id int) (list []choice, finite bool) {
	u := &p.unknowns[id]
	if u.optional {
		list = append(list, choice{absent: true})
	}
	if values, ok := u.schema["enum"].([]any); ok {
		for _, value := range values {
			v, err := ast.InterfaceToValue(value)
			if err != nil {
				return nil, false
			}
			list = append(list, choice{term: ast.NewTerm(v)})
		}
		return list, true
	}
	for _, kind := range typesOf(u.schema) {
		switch {
		case kind == "boolean":
			list = append(list, choice{term: ast.InternedTerm(true)}, choice{term: ast.InternedTerm(false)})
		case kind == "null":
			list = append(list, choice{term: ast.InternedNullTerm})
		case kind == "object" && p.expand(id):
			list = append(list, choice{object: true})
		default:
			return nil, false
		}
	}
	return list, len(list) > 0
}

// typesOf returns the types that a schema allows; none if it does not say.
func typesOf(schema map[string]any) []string {
	switch kinds := schema["type"].(type) {
	case string:
		return []string{kinds}
	case []any:
		var list []string
		for _, kind := range kinds {
			if name, ok := kind.(string); ok {
				list = append(list, name)
			}
		}
		slices.Sort(list) // boolean comes before null, and object last
		return list
	}
	return nil
}

// expand adds an unknown for each field that an object in place of an unknown may have.
func (p *partialEvidence) expand(id int) bool {
	u := p.unknowns[id]
	properties, _ := u.schema["properties"].(map[string]any)
	if len(properties) == 0 || strings.Count(u.path, ".") > maxNested {
		return false
	}
	if u.members != nil {
		return true
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		field := u.field(name)
		field.root, field.optional = u.root, p.mayLack(field)
		field.schema, _ = properties[name].(map[string]any)
		u.names, u.members = append(u.names, ast.StringTerm(name)), append(u.members, p.add(field))
	}
	p.unknowns[id] = u
	return !p.overflow
}

// term returns a value with the choices for its unknowns; nil if it is absent.
func (p *partialEvidence) term(v *partialValue, chosen map[int]choice) *ast.Term {
	switch {
	case v.term != nil:
		return v.term
	case v.unknown >= 0:
		u := &p.unknowns[v.unknown]
		switch c, ok := chosen[v.unknown]; {
		case !ok:
			return ast.NewTerm(eval.Unknown{ID: v.unknown, Absent: u.absent}.Value())
		case c.object:
			return p.objectTerm(u.names, u.members, chosen)
		default:
			return c.term
		}
	case v.names == nil:
		list := make([]*ast.Term, 0, len(v.members))
		for _, member := range v.members {
			if t := p.term(member, chosen); t != nil {
				list = append(list, t)
			}
		}
		return ast.ArrayTerm(list...)
	}
	return p.objectTerm(v.names, v.members, chosen)
}

func (p *partialEvidence) objectTerm(names []*ast.Term, members []*partialValue, chosen map[int]choice) *ast.Term {
	object := ast.NewObjectWithCapacity(len(names))
	for i, name := range names {
		if t := p.term(members[i], chosen); t != nil {
			object.Insert(name, t)
		}
	}
	return ast.NewTerm(object)
}

// fields returns the fields that some unknowns are in, sorted; those of all unknowns if none are given.
func (p *partialEvidence) fields(ids []int) []Absent {
	type place struct{ dataset, path string }
	wanted := map[place]bool{}
	for _, id := range ids {
		root := p.unknowns[p.unknowns[id].root]
		wanted[place{root.dataset, root.path}] = true
	}
	records := map[place]map[int]bool{}
	for id, u := range p.unknowns {
		at := place{u.dataset, u.path}
		if u.root != id || len(ids) > 0 && !wanted[at] {
			continue
		}
		if records[at] == nil {
			records[at] = map[int]bool{}
		}
		if u.record >= 0 {
			records[at][u.record] = true
		}
	}
	list := []Absent{}
	for at, lacking := range records {
		list = append(list, Absent{Dataset: at.dataset, Field: at.path, Records: int64(len(lacking))})
	}
	slices.SortFunc(list, func(a, b Absent) int { return cmp.Or(cmp.Compare(a.Dataset, b.Dataset), cmp.Compare(a.Field, b.Field)) })
	return list
}
