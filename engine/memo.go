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

// memo remembers the verdicts of one control.
type memo struct {
	on     bool
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

// newMemo makes the memo of a task, if verdicts of its rule may be remembered.
func newMemo(t *task) memo {
	if t.options.NoMemo || t.whole || !t.rule.Pure() {
		return memo{}
	}
	m := memo{on: true}
	if t.packs() {
		m.packed = map[uint64]*verdict{}
	} else {
		m.listed = map[string]*verdict{}
	}
	return m
}

// packs says whether all values that the task's verdict can depend on are few, and of the record.
func (t *task) packs() bool {
	for _, o := range t.origins {
		if o.joined != nil {
			return false
		}
	}
	return len(t.origins) <= maxPacked
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

// memoKey writes the numbers of all values that the task's verdict can depend on; ok is false if one has none.
func (r *reader) memoKey(t *task) (key memoKey, ok bool) {
	m := &r.memos[t.index]
	if !m.on {
		return memoKey{}, false
	}
	list := r.memoBytes[:0]
	for i := range t.origins {
		o := &t.origins[i]
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
			key.packed = key.packed<<numberBits | uint64(n)
		} else {
			list = binary.LittleEndian.AppendUint32(list, n)
		}
	}
	key.listed, r.memoBytes = list, list
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
