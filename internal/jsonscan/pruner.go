package jsonscan

import (
	"github.com/go-json-experiment/json/jsontext"
)

// Invariant: a slot holds the last member of its name, whole as it stands in the text or pruned by the field's paths; every byte
// that was walked over is validated, in a slot or not.

// Field is a member of an object that is taken out of it.
type Field struct {
	Name string
	Mask *FieldMask
}

// Status is what became of a walk.
type Status int

// The states.
const (
	OK         Status = iota
	Incomplete        // the bytes end within the value
	Invalid           // this is not JSON, or more of it than is accepted: too deep, or a number out of range
)

// Pruner walks values, one after another. It is not safe for concurrent use.
type Pruner struct {
	text    text
	fields  []*node
	byName  map[string]int
	slots   []slot
	names   map[string]*expected
	first   *expected // the name with which objects begin
	pruned  []byte
	object  bool
	scratch []byte // for names that are written with escapes
}

// slot is where the JSON of a field is. from < 0: it is absent.
type slot struct {
	from, to int
	pruned   bool
}

// expected is a name as it is written, with what followed it last: objects of one collection look alike.
type expected struct {
	written []byte // with quotes and colon
	field   int    // -1 if nobody reads it
	next    *expected
}

// maxNames bounds how many ways of writing names are remembered.
const maxNames = 1000

// New makes a projector for the fields of objects. It accepts depth objects and arrays within each other.
func NewPruner(fields []Field, depth int) *Pruner {
	p := &Pruner{text: text{depth: depth}, byName: map[string]int{}, slots: make([]slot, len(fields)), names: map[string]*expected{}}
	for i, f := range fields {
		p.fields = append(p.fields, compile(f.Mask))
		p.byName[f.Name] = i
	}
	return p
}

// Value walks the value that begins at b[i], where no blanks are. last says that nothing follows b. If the status is OK, end is
// the index after the value.
func (p *Pruner) Value(b []byte, i int, last bool) (end int, status Status) {
	p.text.b, p.text.last = b, last
	p.pruned = p.pruned[:0]
	for k := range p.slots {
		p.slots[k].from = -1
	}
	if p.object = i < len(b) && b[i] == '{'; p.object {
		end = p.walk(i)
	} else {
		end = p.text.value(i, 0)
	}
	switch end {
	case incomplete:
		return 0, Incomplete
	case invalid:
		return 0, Invalid
	}
	return end, OK
}

// Slot returns the JSON of field i in the last value: nil if it is absent or the value is no object. It is valid until the next
// value and as long as the bytes that were walked.
func (p *Pruner) Slot(i int) []byte {
	s := p.slots[i]
	switch {
	case s.from < 0:
		return nil
	case s.pruned:
		return p.pruned[s.from:s.to:s.to]
	}
	return p.text.b[s.from:s.to:s.to]
}

// Object says whether the last value was an object.
func (p *Pruner) Object() bool { return p.object }

// walk goes through the members of the object at i.
func (p *Pruner) walk(i int) int {
	t := &p.text
	if t.depth == 0 {
		return invalid
	}
	i = SkipSpace(t.b, i+1)
	if i < len(t.b) && t.b[i] == '}' {
		return i + 1
	}
	var before *expected
	for {
		var field int
		if field, i = p.name(&before, i); i < 0 {
			return i
		}
		if i = p.member(field, i); i < 0 {
			return i
		}
		var more bool
		if i, more = t.next(i, '}'); !more {
			return i
		}
	}
}

// member walks the value of a member, into its slot if it has one.
func (p *Pruner) member(field, i int) int {
	if field < 0 {
		return p.text.value(i, 1)
	}
	s := slot{from: i}
	if n := p.fields[field]; n.whole || !composite(p.text.b, i) {
		s.to = p.text.value(i, 1)
		p.slots[field] = s
		return s.to
	}
	s.from, s.pruned = len(p.pruned), true
	end := p.prune(p.fields[field], i, 1)
	s.to = len(p.pruned)
	p.slots[field] = s
	return end
}

// name skips a name with its colon, to where the value begins, and says whose slot it is. before is the name before it.
func (p *Pruner) name(before **expected, i int) (field, at int) {
	guess := p.first
	if *before != nil {
		guess = (*before).next
	}
	b := p.text.b
	if guess != nil && len(b)-i > len(guess.written) && string(b[i:i+len(guess.written)]) == string(guess.written) {
		*before = guess
		i += len(guess.written)
		if b[i] <= ' ' {
			i = SkipSpace(b, i)
		}
		return guess.field, i
	}
	end := p.text.name(i)
	if end < 0 {
		return 0, end
	}
	// The colon is the last byte before the value that is no blank.
	colon := end - 1
	for b[colon] != ':' {
		colon--
	}
	met := p.names[string(b[i:colon+1])]
	if met == nil {
		met = p.learn(b[i : colon+1])
	}
	if *before == nil {
		p.first = met
	} else {
		(*before).next = met
	}
	*before = met
	return met.field, end
}

// learn remembers a name with its colon.
func (p *Pruner) learn(written []byte) *expected {
	e := &expected{written: append([]byte(nil), written...), field: -1}
	end := len(written) - 1
	for written[end-1] != '"' {
		end--
	}
	p.scratch = unquoted(p.scratch, written[:end])
	if field, ok := p.byName[string(p.scratch)]; ok {
		e.field = field
	}
	if len(p.names) < maxNames {
		p.names[string(e.written)] = e
	}
	return e
}

// unquoted returns the text of a valid JSON string, in the place of what buffer held.
func unquoted(buffer, quoted []byte) []byte {
	for _, c := range quoted {
		if c == '\\' {
			buffer, _ = jsontext.AppendUnquote(buffer[:0], quoted)
			return buffer
		}
	}
	return append(buffer[:0], quoted[1:len(quoted)-1]...)
}
