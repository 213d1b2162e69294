package scan

// Invariant: a verdict is remembered by every value that it can depend on, and by the bytes of each: it
// is what a new evaluation would return. All that one worker remembers is bounded.

// Bounds of what one worker remembers.
const (
	maxValues    = 1000    // different values of one field; a field with more leaves the memo
	maxValueSize = 1024    // bytes of a value
	maxVerdicts  = 1 << 14 // of one control
)

// Ids of values. Those of the literals are the same in every field: most fields hold little else.
const (
	idMissing = iota
	idTrue
	idFalse
	idNull
	firstID              // of the values that are interned
	noID    = ^uint32(0) // the value has none
)

// firstOutside is the first id of the classes of strings outside of a domain. It follows those of values.
const firstOutside = firstID + maxValues

// dict interns the values of one field: equal bytes get the same id.
type dict struct {
	ids map[string]uint32 // nil once there are too many
}

func newDict() dict { return dict{ids: map[string]uint32{}} }

// full reports whether new values get no id any more, and the old ones neither.
func (d *dict) full() bool { return d.ids == nil }

// intern returns the id of a value, or noID.
func (d *dict) intern(json []byte) uint32 {
	switch string(json) {
	case "":
		return idMissing
	case "true":
		return idTrue
	case "false":
		return idFalse
	case "null":
		return idNull
	}
	if d.ids == nil || len(json) > maxValueSize {
		return noID
	}
	if id, ok := d.ids[string(json)]; ok {
		return id
	}
	if len(d.ids) == maxValues {
		d.ids = nil
		return noID
	}
	id := uint32(len(d.ids) + firstID)
	d.ids[string(json)] = id
	return id
}

// Ids are packed into 64 bits where a verdict depends on few values, and only on those of the record.
const (
	idBits    = 10 // of an id: maxValues and the literals fit
	maxPacked = 64 / idBits
)

// memo remembers what follows from the ids of some columns.
type memo[T any] struct {
	on      bool
	columns []*columnRef
	packed  map[uint64]T // by packed ids, or
	listed  map[string]T // by a list of them
	size    int
	lookups int
	misses  int
}

// memoKey is the key of a memo: the ids of its columns.
type memoKey struct {
	packed uint64
	listed []byte
}

// newMemo returns a memo by columns; packs says that their ids can be packed.
func newMemo[T any](columns []*columnRef, packs bool) memo[T] {
	m := memo[T]{on: true, columns: columns}
	if packs {
		m.packed = map[uint64]T{}
	} else {
		m.listed = map[string]T{}
	}
	return m
}

// memoByFields returns a memo by all fields that the rule of a control reads.
func memoByFields[T any](c *controlScan) memo[T] {
	columns := make([]*columnRef, len(c.fields))
	packs := len(columns) <= maxPacked
	for i := range columns {
		columns[i] = &c.fields[i]
		packs = packs && columns[i].index == nil
	}
	return newMemo[T](columns, packs)
}

// memoByFrontier returns a memo by the value of the frontier of a control's rule and what it reads
// besides; one that is off if the control is in no group.
func memoByFrontier[T any](c *controlScan) memo[T] {
	if c.group == nil {
		return memo[T]{}
	}
	columns := make([]*columnRef, len(c.group.residual))
	for i, field := range c.group.residual {
		columns[i] = &c.fields[field]
	}
	return newMemo[T](columns, len(columns) == 0)
}

// get returns what is remembered by a key.
func (m *memo[T]) get(key memoKey) (value T, known bool) {
	m.lookups++
	if m.packed != nil {
		value, known = m.packed[key.packed]
	} else {
		value, known = m.listed[string(key.listed)]
	}
	return value, known
}

// put remembers what get did not know. A full memo that mostly misses is switched off.
func (m *memo[T]) put(key memoKey, value T) {
	m.misses++
	switch {
	case m.size == maxVerdicts && m.misses*2 > m.lookups:
		*m = memo[T]{}
	case m.size == maxVerdicts:
	case m.packed != nil:
		m.size++
		m.packed[key.packed] = value
	default:
		m.size++
		m.listed[string(key.listed)] = value
	}
}
