package join_test

import (
	"fmt"
	"testing"

	"github.com/posture-score/posture/engine/internal/scan/join"
)

// BenchmarkFind is what it costs to find what is joined to a record.
func BenchmarkFind(b *testing.B) {
	index := join.New(1, 100_000, true)
	keys := make([][]byte, 100_000)
	for i := range keys {
		keys[i] = fmt.Appendf(nil, "%08x-0000-4000-8000-000000000000", i*2654435761)
		if err := index.Add(join.Record{Key: keys[i], Values: [][]byte{[]byte("true")}}); err != nil {
			b.Fatal(err)
		}
	}
	index.Seal()
	finder := index.Finder()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if found, _ := finder.Find(keys[i%len(keys)]); found == 0 {
			b.Fatalf("nothing is found for %s", keys[i%len(keys)])
		}
		i++
	}
}
