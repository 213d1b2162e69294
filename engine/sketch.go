package engine

import (
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/internal/rego/eval"
	"github.com/posture-score/posture/internal/jsonscan"
	"github.com/posture-score/posture/schemas"
)

// Invariant: a sketch drawn with nothing assigned is the evidence, with an unknown for each field that is absent of those that a rule
// reads and the schema expects, and for each dataset that is absent.

// Bounds of a sketch.
const (
	maxBlanks = 20_000 // more fields than this are missing: nothing is found out about them
	maxNested = 16     // levels of records
)

// blank is a place in the evidence where a value is not known.
type blank struct {
	dataset string
	path    string // of a field, dotted, without the places in lists; "" for the dataset itself
	record  int    // of a list; less than 0 for a document
	root    int    // the outermost blank that this one lies within: itself, if it is in none
	absent  bool   // it is a field of an object that is there; a rule may say what it takes it for
	maybe   bool   // it may stay absent
	schema  map[string]any
	within  []*sketch // of an object that might stand there, once somebody asks
	names   []*ast.Term
}

// sketch is a value with blanks in it.
type sketch struct {
	term    *ast.Term // of a value without blanks
	blank   int       // of one that is one; less than 0 otherwise
	names   []*ast.Term
	members []*sketch // of an object, by names, or of a list
}

// drawing is the sketches of the datasets that a control reads, and the blanks in them.
type drawing struct {
	datasets map[string]*sketch
	blanks   []blank
	optional map[string][]string // fields that may be absent for what they are, by dataset
	overflow bool                // there are too many
}

func newDrawing() *drawing {
	return &drawing{datasets: map[string]*sketch{}, optional: map[string][]string{}}
}

// missing makes a whole dataset a blank.
func (d *drawing) missing(name string, spec *schemas.Dataset) {
	b := blank{dataset: name, record: -1, root: -1}
	if spec != nil && spec.Kind == schemas.Document {
		b.schema, d.optional[name] = spec.Shape(), spec.Optional
	}
	d.datasets[name] = d.add(b)
}

// add notes a blank.
func (d *drawing) add(b blank) *sketch {
	id := len(d.blanks)
	if b.root < 0 {
		b.root = id
	}
	d.blanks = append(d.blanks, b)
	d.overflow = d.overflow || len(d.blanks) > maxBlanks
	return &sketch{blank: id}
}

// dataset draws a dataset that is there, as far as the paths read it.
func (d *drawing) dataset(name string, s *source, paths *jsonscan.FieldMask) {
	d.optional[name] = s.spec.Optional
	schema := s.spec.Shape()
	if s.spec.Kind != schemas.Document {
		schema = map[string]any{"type": "array", "items": schema}
	}
	at := blank{dataset: name, record: -1}
	d.datasets[name] = d.value(s.value, paths, schema, at, 0)
}

// mayLack says whether a field may be absent for what it is: whether it or something that it lies within is optional.
func (d *drawing) mayLack(field blank) bool {
	return slices.ContainsFunc(d.optional[field.dataset], func(optional string) bool {
		return field.path == optional || strings.HasPrefix(field.path, optional+".")
	})
}

func known(value ast.Value) *sketch { return &sketch{term: ast.NewTerm(value), blank: -1} }

// value draws a value that is read by paths, at a place.
func (d *drawing) value(value ast.Value, paths *jsonscan.FieldMask, schema map[string]any, at blank, depth int) *sketch {
	if paths == nil || depth > maxNested || d.overflow {
		return known(value)
	}
	switch value := value.(type) {
	case ast.Object:
		return d.object(value, paths, schema, at, depth)
	case *ast.Array:
		return d.list(value, paths, schema, at, depth)
	}
	return known(value)
}

func (d *drawing) list(value *ast.Array, paths *jsonscan.FieldMask, schema map[string]any, at blank, depth int) *sketch {
	each := paths.Each
	if paths.Whole {
		each = paths
	}
	items, _ := schema["items"].(map[string]any)
	drawn := &sketch{blank: -1}
	blanks := len(d.blanks)
	for i := range value.Len() {
		element := at
		if depth == 0 {
			element.record = i
		}
		drawn.members = append(drawn.members, d.value(value.Elem(i).Value, each, items, element, depth+1))
	}
	if len(d.blanks) == blanks {
		return known(value)
	}
	return drawn
}

func (d *drawing) object(value ast.Object, paths *jsonscan.FieldMask, schema map[string]any, at blank, depth int) *sketch {
	properties, _ := schema["properties"].(map[string]any)
	drawn := &sketch{blank: -1}
	blanks := len(d.blanks)
	value.Foreach(func(key, member *ast.Term) {
		name, _ := key.Value.(ast.String)
		below, _ := properties[string(name)].(map[string]any)
		drawn.names = append(drawn.names, key)
		drawn.members = append(drawn.members, d.value(member.Value, pathsOf(paths, string(name)), below, at.field(string(name)), depth+1))
	})
	for _, name := range expected(paths, properties) {
		field := at.field(name)
		if value.Get(ast.StringTerm(name)) != nil || d.mayLack(field) {
			continue
		}
		field.absent = true
		field.schema, _ = properties[name].(map[string]any)
		drawn.names = append(drawn.names, ast.StringTerm(name))
		drawn.members = append(drawn.members, d.add(field))
	}
	if len(d.blanks) == blanks {
		return known(value)
	}
	return drawn
}

// field is the place of a field below another place.
func (b blank) field(name string) blank {
	below := blank{dataset: b.dataset, path: name, record: b.record, root: -1}
	if b.path != "" {
		below.path = b.path + "." + name
	}
	return below
}

// pathsOf are those within a member.
func pathsOf(paths *jsonscan.FieldMask, name string) *jsonscan.FieldMask {
	if paths.Whole {
		return paths
	}
	below := &jsonscan.FieldMask{}
	below.Add(paths.Each)
	below.Add(paths.Fields[name])
	if paths.Each == nil && paths.Fields[name] == nil {
		return nil
	}
	return below
}

// expected are the fields of an object that are read and that its schema names, sorted: all of those if members are read whatever their
// names are.
func expected(paths *jsonscan.FieldMask, properties map[string]any) []string {
	var names []string
	for _, name := range sortedNames(properties) {
		if paths.Whole || paths.Each != nil || paths.Fields[name] != nil {
			names = append(names, name)
		}
	}
	for _, name := range sortedNames(paths.Fields) {
		if properties[name] == nil {
			names = append(names, name)
		}
	}
	return names
}

// choice is a value that may stand in a blank.
type choice struct {
	term   *ast.Term // nil for the others
	object bool      // an object of further blanks
	absent bool      // nothing
}

// choices returns all that may stand in a blank, by its schema; finite says whether that is all.
func (d *drawing) choices(id int) (list []choice, finite bool) {
	b := &d.blanks[id]
	if b.maybe {
		list = append(list, choice{absent: true})
	}
	kinds := typesOf(b.schema)
	if values, ok := b.schema["enum"].([]any); ok {
		for _, value := range values {
			v, err := ast.InterfaceToValue(value)
			if err != nil {
				return nil, false
			}
			list = append(list, choice{term: ast.NewTerm(v)})
		}
		return list, true
	}
	for _, kind := range kinds {
		switch {
		case kind == "boolean":
			list = append(list, choice{term: ast.InternedTerm(true)}, choice{term: ast.InternedTerm(false)})
		case kind == "null":
			list = append(list, choice{term: ast.InternedNullTerm})
		case kind == "object" && d.expand(id):
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
		slices.Sort(list) // true and false come before null, and an object last
		return list
	}
	return nil
}

// expand makes blanks of the fields that an object in a blank would have.
func (d *drawing) expand(id int) bool {
	at := d.blanks[id]
	properties, _ := at.schema["properties"].(map[string]any)
	if len(properties) == 0 || strings.Count(at.path, ".") > maxNested {
		return false
	}
	if at.within != nil {
		return true
	}
	var names []*ast.Term
	var members []*sketch
	for _, name := range sortedNames(properties) {
		field := at.field(name)
		field.root, field.maybe = at.root, d.mayLack(field)
		field.schema, _ = properties[name].(map[string]any)
		names, members = append(names, ast.StringTerm(name)), append(members, d.add(field))
	}
	d.blanks[id].names, d.blanks[id].within = names, members
	return !d.overflow
}

// draw returns the value of a sketch with what is assigned to its blanks; nil if nothing stands there.
func (d *drawing) draw(s *sketch, assigned map[int]choice) *ast.Term {
	switch {
	case s.term != nil:
		return s.term
	case s.blank >= 0:
		return d.fill(s.blank, assigned)
	case s.names == nil:
		list := make([]*ast.Term, 0, len(s.members))
		for _, member := range s.members {
			if t := d.draw(member, assigned); t != nil {
				list = append(list, t)
			}
		}
		return ast.ArrayTerm(list...)
	}
	return d.drawObject(s.names, s.members, assigned)
}

func (d *drawing) drawObject(names []*ast.Term, members []*sketch, assigned map[int]choice) *ast.Term {
	object := ast.NewObjectWithCapacity(len(names))
	for i, name := range names {
		if t := d.draw(members[i], assigned); t != nil {
			object.Insert(name, t)
		}
	}
	return ast.NewTerm(object)
}

func (d *drawing) fill(id int, assigned map[int]choice) *ast.Term {
	b := &d.blanks[id]
	switch c, ok := assigned[id]; {
	case !ok:
		return ast.NewTerm(eval.Unknown{ID: id, Absent: b.absent}.Value())
	case c.object:
		return d.drawObject(b.names, b.within, assigned)
	default:
		return c.term
	}
}
