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

// memo remembers the verdicts of one control by what they follow from: the values of all fields that its rule reads or, where those are
// too many, its findings with the values of the rest.
type memo struct {
	on     bool
	by     []*origin
	packed map[uint64]*verdict // by packed numbers, or
	listed map[string]*verdict // by a list of them
	size   int
	asked  int
	missed int
}

// memoKey is what a verdict is remembered by.
type memoKey struct {
	packed uint64
	listed []byte
}

// newMemo makes a memo of the task's verdicts by where values come from.
func newMemo(by []*origin, packs bool) memo {
	m := memo{on: true, by: by}
	if packs {
		m.packed = map[uint64]*verdict{}
	} else {
		m.listed = map[string]*verdict{}
	}
	return m
}

// memoByFields makes the memo of a task by all fields that its rule reads, if verdicts of that may be remembered.
func memoByFields(t *task) memo {
	if t.options.NoMemo || t.whole || !t.rule.Pure() {
		return memo{}
	}
	by := make([]*origin, len(t.origins))
	packs := len(by) <= maxPacked
	for i := range by {
		by[i] = &t.origins[i]
		packs = packs && by[i].joined == nil
	}
	return newMemo(by, packs)
}

// memoByFindings makes the memo of a task by its findings, if it is of a family.
func memoByFindings(t *task) memo {
	if t.family == nil {
		return memo{}
	}
	by := make([]*origin, len(t.family.rest))
	for i, at := range t.family.rest {
		by[i] = &t.origins[at]
	}
	return newMemo(by, len(by) == 0)
}

// recall returns the verdict for a key, if it is remembered.
func (m *memo) recall(key memoKey) *verdict {
	m.asked++
	if m.packed != nil {
		return m.packed[key.packed]
	}
	return m.listed[string(key.listed)]
}

// remember keeps a verdict. A control whose records hardly ever look alike gives up.
func (m *memo) remember(key memoKey, v *verdict) {
	m.missed++
	switch {
	case m.size == maxVerdicts && m.missed*2 > m.asked:
		*m = memo{}
	case m.size == maxVerdicts:
	case m.packed != nil:
		m.size++
		m.packed[key.packed] = v
	default:
		m.size++
		m.listed[string(key.listed)] = v
	}
}

// memoOf returns the memo that may know the verdict of a task on the record at hand, with the key to look for; nil if the verdict can't
// be remembered.
func (r *reader) memoOf(t *task) (*memo, memoKey) {
	m := &r.byFields[t.index]
	if m.on {
		if key, ok := r.memoKey(m, 0, r.memoBytes[:0]); ok {
			return m, key
		}
	}
	if m = &r.byFindings[t.index]; !m.on {
		return nil, memoKey{}
	}
	n := r.found(t.family)
	if n == noNumber {
		return nil, memoKey{}
	}
	key, ok := r.memoKey(m, uint64(n), binary.LittleEndian.AppendUint32(r.memoBytes[:0], n))
	if !ok {
		return nil, memoKey{}
	}
	return m, key
}

// memoKey writes the numbers of values behind what is given, packed or as a list; ok is false if one has none.
func (r *reader) memoKey(m *memo, packed uint64, list []byte) (key memoKey, ok bool) {
	for _, o := range m.by {
		if o.joined != nil {
			if list, ok = r.joinKey(list, o); !ok {
				return memoKey{}, false
			}
			continue
		}
		n := r.number(o.slot)
		if n == noNumber {
			if r.slots[o.slot].values.numbers == nil {
				*m = memo{} // it will have none from now on
			}
			return memoKey{}, false
		}
		if m.packed != nil {
			packed = packed<<numberBits | uint64(n)
		} else {
			list = binary.LittleEndian.AppendUint32(list, n)
		}
	}
	r.memoBytes = list
	return memoKey{packed, list}, true
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
