package engine

import (
	"fmt"
	"testing"
)

// The stages of reading a population are measured where they are: scanning (evidence), projecting (internal/jsonscan), rules
// (engine/internal/rego/vm), joins (engine/internal/scan/join), and the two here.

// BenchmarkMemo is what it costs to find a verdict that is remembered: numbering the values of eight fields, and looking up the verdict.
func BenchmarkMemo(b *testing.B) {
	fields := make([]values, 8)
	records := make([][][]byte, 64)
	for i := range fields {
		fields[i] = newValues()
	}
	for i := range records {
		for k := range fields {
			value := fmt.Appendf(nil, "%q", fmt.Sprintf("value %d", (i*7+k)%(k+2)))
			if k%2 == 0 {
				value = fmt.Appendf(nil, "%t", i%(k+2) == 0)
			}
			records[i] = append(records[i], value)
		}
	}
	m := memo[*verdict]{on: true, packed: map[uint64]*verdict{}}
	key := func(record [][]byte) (key memoKey) {
		for k, value := range record[:maxPacked] {
			key.packed = key.packed<<numberBits | uint64(fields[k].number(value))
		}
		return key
	}
	for _, record := range records {
		m.remember(key(record), complies)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if v, _ := m.recall(key(records[i%len(records)])); v != complies {
			b.Fatal("the verdict is not remembered")
		}
		i++
	}
}

// BenchmarkTally is what it costs to add the tally of a part to a control's.
func BenchmarkTally(b *testing.B) {
	t := &task{options: Options{Failing: 100}, total: tally{leftOut: map[string]bool{}}}
	c := &tally{records: 1000, inScope: 900, compliant: 700}
	for i := range 100 {
		c.shown = append(c.shown, recordName{key: fmt.Sprint("u", i), index: -1})
	}
	for i := range 10 {
		c.reasons.count(fmt.Sprint("reason ", i), 20)
	}
	b.ReportAllocs()
	for b.Loop() {
		t.add(c, 0)
	}
}
