package engine

import "encoding/binary"

// Invariant: a verdict is remembered by every value that it can depend on, and by the bytes of each: what is remembered is what asking
// again would give. All that is remembered by one reader is bounded.

// Bounds of what one reader remembers.
const (
	maxValues   = 1024    // different values of one field; one with more leaves the memo
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

// memo remembers the verdicts of one control.
type memo struct {
	verdicts map[string]*verdict // nil if it remembers nothing
	asked    int
	missed   int
}

// newMemo makes the memo of a task, if verdicts of its rule may be remembered.
func newMemo(t *task) memo {
	if t.options.NoMemo || t.whole || !t.rule.Pure() {
		return memo{}
	}
	return memo{verdicts: map[string]*verdict{}}
}

// recall returns the verdict for the values that are numbered in a key, if it is remembered.
func (m *memo) recall(key []byte) *verdict {
	m.asked++
	return m.verdicts[string(key)]
}

// remember keeps a verdict. A control whose records hardly ever look alike gives up.
func (m *memo) remember(key []byte, v *verdict) {
	m.missed++
	switch {
	case len(m.verdicts) < maxVerdicts:
		m.verdicts[string(key)] = v
	case m.missed*2 > m.asked:
		m.verdicts = nil
	}
}

// memoKey writes the numbers of all values that the task's verdict can depend on; nil if one has none.
func (r *reader) memoKey(t *task) []byte {
	key := r.memoBytes[:0]
	for i := range t.origins {
		o := &t.origins[i]
		if o.joined != nil {
			if key = r.joinKey(key, o); key == nil {
				return nil
			}
			continue
		}
		n := r.number(o.slot)
		if n == noNumber {
			if r.slots[o.slot].values.numbers == nil {
				r.memos[t.index].verdicts = nil // it will have none from now on
			}
			return nil
		}
		key = binary.LittleEndian.AppendUint16(key, uint16(n)) // it is below maxValues and others
	}
	r.memoBytes = key
	return key
}

// joinKey writes the numbers of what is joined to the record.
func (r *reader) joinKey(key []byte, o *origin) []byte {
	rows := r.look(o.slot).rows
	key = binary.LittleEndian.AppendUint32(key, uint32(len(rows)))
	for _, row := range rows {
		for _, column := range o.columns {
			if o.joined.index.High(column) {
				return nil
			}
			key = binary.LittleEndian.AppendUint32(key, o.joined.index.Number(row, column))
		}
	}
	return key
}
