package jsonscan

import (
	"bytes"
	"slices"
)

// Invariant: a slot holds the last member of its name, whole as it is written or pruned by the mask of the field. Every byte that
// was scanned is validated, in a slot or not. Pruned JSON is the value as its mask prunes it, except for white space, and for
// members of the same name, which all stay.

// Field is a member of an object that a [Pruner] extracts.
type Field struct {
	Name string
	Mask *FieldMask
}

// Status is the result of scanning a value.
type Status int

// The states.
const (
	OK         Status = iota
	Incomplete        // the bytes end inside the value
	Invalid           // it is not well-formed, too deep, or contains a number out of range
)

// Pruner scans values, one after another, and extracts fields. It is not safe for concurrent use.
type Pruner struct {
	b       []byte // that contains the last value
	depth   int
	fields  []*node
	byName  map[string]int
	slots   []slot
	names   map[string]*expected
	first   *expected // the name with which objects begin
	pruned  []byte
	object  bool
	scratch []byte // a name without its escapes
}

// slot is the position of a field in b or in pruned. It is absent if from is negative.
type slot struct {
	from, to int
	pruned   bool
}

// expected is a name as it is written, and the name that last followed it: the objects of a file look alike.
type expected struct {
	written []byte // with quotes and colon
	field   int    // -1 if it is not extracted
	next    *expected
}

// maxNames bounds how many spellings of names are remembered.
const maxNames = 1000

// NewPruner returns a pruner for fields of objects. It accepts depth objects and arrays inside one another.
func NewPruner(fields []Field, depth int) *Pruner {
	p := &Pruner{depth: depth, byName: map[string]int{}, slots: make([]slot, len(fields)), names: map[string]*expected{}}
	for i, f := range fields {
		p.fields = append(p.fields, compile(f.Mask))
		p.byName[f.Name] = i
	}
	return p
}

// Value scans the value that begins at b[i], which is not white space. last says that nothing follows b. If the status is OK, end
// is the index after the value.
func (p *Pruner) Value(b []byte, i int, last bool) (end int, status Status) {
	p.b, p.pruned = b, p.pruned[:0]
	for k := range p.slots {
		p.slots[k].from = -1
	}
	if p.object = i < len(b) && b[i] == '{'; p.object {
		end = p.walk(b, i)
	} else if end = Skip(b, i, p.depth); end == len(b) && isNumeric(b[i]) && !last {
		end = incomplete
	}
	switch {
	case end == incomplete && !last:
		return 0, Incomplete
	case end < 0:
		return 0, Invalid
	}
	return end, OK
}

// Slot returns the JSON of field i in the last value: nil if it is absent or the value is no object. It is valid until the next
// value is scanned, and as long as its bytes.
func (p *Pruner) Slot(i int) []byte {
	s := p.slots[i]
	switch {
	case s.from < 0:
		return nil
	case s.pruned:
		return p.pruned[s.from:s.to:s.to]
	}
	return p.b[s.from:s.to:s.to]
}

// Object reports whether the last value was an object.
func (p *Pruner) Object() bool { return p.object }

// walk scans the object at i.
func (p *Pruner) walk(b []byte, i int) int {
	if p.depth == 0 {
		return invalid
	}
	i = SkipSpace(b, i+1)
	if i < len(b) && b[i] == '}' {
		return i + 1
	}
	var before *expected
	for {
		var field int
		if field, i = p.name(b, &before, i); i < 0 {
			return i
		}
		if field < 0 {
			i = skip(b, i, p.depth-1)
		} else {
			i = p.extract(b, field, i)
		}
		if i < 0 {
			return i
		}
		var more bool
		if i, more = Next(b, i, '}'); !more {
			return i
		}
	}
}

// extract scans the value of a member into its slot.
func (p *Pruner) extract(b []byte, field, i int) int {
	s := slot{from: i}
	if n := p.fields[field]; n.whole || !composite(b, i) {
		s.to = skip(b, i, p.depth-1)
		p.slots[field] = s
		return s.to
	}
	s.from, s.pruned = len(p.pruned), true
	end := p.prune(b, p.fields[field], i, p.depth-1)
	s.to = len(p.pruned)
	p.slots[field] = s
	return end
}

// name skips a name and its colon, to the value, and returns its field. before is the name before it, which is replaced by it.
func (p *Pruner) name(b []byte, before **expected, i int) (field, at int) {
	next := &p.first
	if *before != nil {
		next = &(*before).next
	}
	if e := *next; e != nil && len(b)-i > len(e.written) && string(b[i:i+len(e.written)]) == string(e.written) {
		*before = e
		i += len(e.written)
		if b[i] <= ' ' {
			i = SkipSpace(b, i)
		}
		return e.field, i
	}
	end, escaped := Name(b, i)
	if end < 0 {
		return 0, end
	}
	value := Colon(b, end)
	if value < 0 {
		return 0, value
	}
	written := b[i : end+bytes.IndexByte(b[end:value], ':')+1]
	e := p.names[string(written)]
	if e == nil {
		e = p.learn(written, Unquote(&p.scratch, b[i:end], escaped))
	}
	*next, *before = e, e
	return e.field, value
}

// learn remembers a spelling of a name.
func (p *Pruner) learn(written, name []byte) *expected {
	e := &expected{written: slices.Clone(written), field: -1}
	if field, ok := p.byName[string(name)]; ok {
		e.field = field
	}
	if len(p.names) < maxNames {
		p.names[string(written)] = e
	}
	return e
}

// node is a compiled FieldMask: the mask Each is part of every field.
type node struct {
	whole  bool
	each   *node
	fields map[string]*node
}

func compile(m *FieldMask) *node {
	if m == nil {
		return &node{}
	}
	n := &node{whole: m.Whole}
	if m.Each != nil {
		n.each = compile(m.Each)
	}
	for name, below := range m.Fields {
		both := below.Clone()
		both.Add(m.Each)
		if n.fields == nil {
			n.fields = map[string]*node{}
		}
		n.fields[name] = compile(both)
	}
	return n
}

// composite reports whether an object or an array begins at i.
func composite(b []byte, i int) bool { return i < len(b) && (b[i] == '{' || b[i] == '[') }

// prune scans the value at i, and appends what the node reads of it to pruned. It accepts depth more objects and arrays.
func (p *Pruner) prune(b []byte, n *node, i, depth int) int {
	if n.whole || !composite(b, i) {
		end := skip(b, i, depth)
		if end > 0 {
			p.pruned = append(p.pruned, b[i:end]...)
		}
		return end
	}
	opening, closing := b[i], b[i]+2 // in ASCII
	if opening == '[' && n.each == nil {
		p.pruned = append(p.pruned, '[', ']')
		return skipArray(b, i, depth)
	}
	if depth == 0 {
		return invalid
	}
	p.pruned = append(p.pruned, opening)
	i = SkipSpace(b, i+1)
	if i < len(b) && b[i] == closing {
		p.pruned = append(p.pruned, closing)
		return i + 1
	}
	for comma := false; ; {
		var kept, more bool
		if opening == '{' {
			i, kept = p.pruneMember(b, n, i, depth-1, comma)
		} else {
			p.comma(comma)
			i, kept = p.prune(b, n.each, i, depth-1), true
		}
		if i < 0 {
			return i
		}
		comma = comma || kept
		if i, more = Next(b, i, closing); !more {
			p.pruned = append(p.pruned, closing)
			return i
		}
	}
}

// pruneMember scans a member, and appends it to pruned if the node reads it: kept.
func (p *Pruner) pruneMember(b []byte, n *node, i, depth int, comma bool) (end int, kept bool) {
	name, escaped := Name(b, i)
	if name < 0 {
		return name, false
	}
	below := n.fields[string(Unquote(&p.scratch, b[i:name], escaped))]
	if below == nil {
		below = n.each
	}
	value := Colon(b, name)
	switch {
	case value < 0:
		return value, false
	case below == nil:
		return skip(b, value, depth), false
	}
	p.comma(comma)
	p.pruned = append(append(p.pruned, b[i:name]...), ':')
	return p.prune(b, below, value, depth), true
}

// comma appends a comma if another member or element precedes.
func (p *Pruner) comma(precedes bool) {
	if precedes {
		p.pruned = append(p.pruned, ',')
	}
}
