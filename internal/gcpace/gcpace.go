package gcpace

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// Room is how many bytes the heap of the command may grow beyond what is in use before the next collection:
// a tenant of ten thousand users is over with a few of them.
const Room = 24 << 20

const (
	// little is what counts as in use at least.
	little = 12 << 20
	// small is what the heap may grow to at least, or two and a half times the room, if that is less.
	small = 60 << 20

	// Percent of what is in use.
	first = 800 // which comes at 32 MiB: few small runs ever see it
	least = 10  // of tables, which take no time to clean
)

// Relax sets the pace of the collector by what is in use and how many bytes the heap may grow beyond it, from
// now on: to 60 MiB, or two and a half times the room, at least. It does nothing where the user decided by GOGC.
func Relax(room int64) {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(first)
	await(room)
}

// await looks again after the next collection.
func await(room int64) {
	runtime.AddCleanup(new([64]byte), func(room int64) {
		inUse, scanned := heap()
		debug.SetGCPercent(pace(max(room, scanned/2), inUse))
		await(room)
	}, room)
}

// pace is how far the heap may grow, in percent of what is in use: by the room, and a small one to what a gate over a small tenant takes,
// so that it sees one collection. It grows by half of what the collector has to look through at least: by the same number of bytes each
// time, the work for a large heap would be the square of its size.
func pace(room, inUse int64) int {
	inUse = max(inUse, little)
	return int(max(max(room, min(room*5/2, small)-inUse)*100/inUse, least))
}

// heap is what the last collection found to be in use, and how much of that may hold pointers.
func heap() (inUse, scanned int64) {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/heap:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 || sample[1].Value.Kind() != metrics.KindUint64 {
		return Room, 0 // a runtime that does not tell: as any Go program
	}
	return int64(sample[0].Value.Uint64()), int64(sample[1].Value.Uint64()) //nolint:gosec // no heap is that large
}
