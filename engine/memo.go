package engine

import "encoding/binary"

// Invariant: a verdict is remembered by every value that it can depend on, and by the bytes of each: what is remembered is what asking
// again would give. All that is remembered by one reader is bounded.

// Bounds of what one reader remembers.
const (
	maxValues   = 1000    // different values of one field; one with more leaves the memo
	maxValue    = 1024    // bytes of a value
	maxVerdicts = 1 << 14 // of one control
)

// Numbers of values. Those of the literals are the same in every field: most fields hold little else.
const (
	absent = iota
	literalTrue
	literalFalse
	literalNull
	others                // the first of those that are given out
	noNumber = ^uint32(0) // the value has none
)

// values numbers the values of one field.
type values struct {
	numbers map[string]uint32 // nil once there are too many
}

func newValues() values { return values{numbers: map[string]uint32{}} }

// number returns the number of a value, or noNumber.
func (v *values) number(json []byte) uint32 {
	switch string(json) {
	case "":
		return absent
	case "true":
		return literalTrue
	case "false":
		return literalFalse
	case "null":
		return literalNull
	}
	if v.numbers == nil || len(json) > maxValue {
		return noNumber
	}
	if n, ok := v.numbers[string(json)]; ok {
		return n
	}
	if len(v.numbers) == maxValues {
		v.numbers = nil
		return noNumber
	}
	n := uint32(len(v.numbers) + others)
	v.numbers[string(json)] = n
	return n
}

// Numbers are packed into 64 bits where a verdict depends on few values of the record alone.
const (
	numberBits = 10 // of a number: maxValues and the literals fit
	maxPacked  = 64 / numberBits
)

// memo remembers what follows from the numbers of values, and of findings if it is by those, too.
type memo[T any] struct {
	on     bool
	by     []*origin
	packed map[uint64]T // by packed numbers, or
	listed map[string]T // by a list of them
	size   int
	asked  int
	missed int
}

// memoKey is what something is remembered by.
type memoKey struct {
	packed uint64
	listed []byte
}

// newMemo makes a memo by where values come from; packs says whether their numbers can be packed.
func newMemo[T any](by []*origin, packs bool) memo[T] {
	m := memo[T]{on: true, by: by}
	if packs {
		m.packed = map[uint64]T{}
	} else {
		m.listed = map[string]T{}
	}
	return m
}

// memoByFields makes a memo by all fields that the rule of a task reads.
func memoByFields[T any](t *task) memo[T] {
	by := make([]*origin, len(t.origins))
	packs := len(by) <= maxPacked
	for i := range by {
		by[i] = &t.origins[i]
		packs = packs && by[i].joined == nil
	}
	return newMemo[T](by, packs)
}

// remembers says whether verdicts of the task may be remembered.
func (t *task) remembers() bool { return !t.options.NoMemo && !t.whole && t.rule.Pure() }

// memoByFindings makes the memo of a task by its findings and what is read besides, if it is of a family.
func memoByFindings(t *task) memo[*verdict] {
	if t.family == nil {
		return memo[*verdict]{}
	}
	by := make([]*origin, len(t.family.rest))
	for i, at := range t.family.rest {
		by[i] = &t.origins[at]
	}
	return newMemo[*verdict](by, len(by) == 0)
}

// recall returns what is known of a key.
func (m *memo[T]) recall(key memoKey) (value T, known bool) {
	m.asked++
	if m.packed != nil {
		value, known = m.packed[key.packed]
	} else {
		value, known = m.listed[string(key.listed)]
	}
	return value, known
}

// remember keeps what was not known. A memo that hardly ever knows anything gives up.
func (m *memo[T]) remember(key memoKey, value T) {
	m.missed++
	switch {
	case m.size == maxVerdicts && m.missed*2 > m.asked:
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

// memoOf returns the memo that may know the verdict of a task on the record at hand, with the key to look for; nil if the verdict can't
// be remembered.
func (r *reader) memoOf(t *task) (*memo[*verdict], memoKey) {
	if m := &r.byFindings[t.index]; m.on {
		if key, ok := r.findingsKey(m, t.family); ok {
			return m, key
		}
	}
	m := &r.byFields[t.index]
	if !m.on {
		return nil, memoKey{}
	}
	key, ok := memoKeyOf(r, m, memoKey{listed: r.memoBytes[:0]})
	if !ok {
		return nil, memoKey{}
	}
	r.memoBytes = key.listed
	return m, key
}

// findingsKey is what a verdict is remembered by where the fields of the record are too many: the number of what the premises say, and
// the values of what is read besides. These are looked at first, since they cost less.
func (r *reader) findingsKey(m *memo[*verdict], f *family) (key memoKey, ok bool) {
	key, ok = memoKeyOf(r, m, memoKey{listed: append(r.memoBytes[:0], 0, 0, 0, 0)})
	if !ok {
		return memoKey{}, false
	}
	r.memoBytes = key.listed
	n := r.found(f)
	if n == noNumber {
		return memoKey{}, false
	}
	key.packed = uint64(n)
	binary.LittleEndian.PutUint32(key.listed, n)
	return key, true
}

// memoKeyOf writes the numbers of values behind what a key has; ok is false if one has none.
func memoKeyOf[T any](r *reader, m *memo[T], key memoKey) (_ memoKey, ok bool) {
	for _, o := range m.by {
		if o.joined != nil {
			if key.listed, ok = r.joinKey(key.listed, o); !ok {
				return memoKey{}, false
			}
			continue
		}
		n := r.number(o.slot)
		if n == noNumber {
			if r.slots[o.slot].values.numbers == nil {
				*m = memo[T]{} // it will have none from now on
			}
			return memoKey{}, false
		}
		if m.packed != nil {
			key.packed = key.packed<<numberBits | uint64(n)
		} else {
			key.listed = binary.LittleEndian.AppendUint32(key.listed, n)
		}
	}
	return key, true
}

// joinKey writes the numbers of what is joined to the record.
func (r *reader) joinKey(list []byte, o *origin) ([]byte, bool) {
	rows := r.look(o.slot).rows
	list = binary.LittleEndian.AppendUint32(list, uint32(len(rows)))
	for _, row := range rows {
		for _, column := range o.columns {
			if o.joined.index.High(column) {
				return list, false
			}
			list = binary.LittleEndian.AppendUint32(list, o.joined.index.Number(row, column))
		}
	}
	return list, true
}
