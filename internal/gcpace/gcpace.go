package gcpace

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// room is how many bytes the heap may grow beyond what is in use before the next collection: a tenant
	// of ten thousand users is over with a few of them.
	room = 24 << 20

	// Percent of what is in use.
	first = 400 // which comes at 16 MiB: few small runs ever see it
	most  = 200
	least = 20 // of tables, which take no time to clean
)

// Relax sets the pace of the collector by what is in use, from now on. It does nothing where the user decided by GOGC.
func Relax() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(first)
	await()
}

// await looks again after the next collection.
func await() {
	runtime.AddCleanup(new([64]byte), func(int) {
		debug.SetGCPercent(pace(heap()))
		await()
	}, 0)
}

// pace is how far the heap may grow, in percent of what is in use. It grows by what the collector has to look through at least: by the
// same number of bytes each time, the work for a large heap would be the square of its size.
func pace(inUse, scanned uint64) int {
	return int(min(max(max(room, scanned)*100/max(inUse, 1), least), most)) //nolint:gosec // it is between the bounds
}

// heap is what the last collection found to be in use, and how much of that may hold pointers.
func heap() (inUse, scanned uint64) {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/heap:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 || sample[1].Value.Kind() != metrics.KindUint64 {
		return room, 0 // a runtime that does not tell: as any Go program
	}
	return sample[0].Value.Uint64(), sample[1].Value.Uint64()
}
