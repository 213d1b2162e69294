package memory

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	little = 10 << 20 // bytes that are in use after a collection

	// Percent by which the heap may grow beyond what is in use before the next collection.
	first   = 400 // which comes at 16 MiB: few small runs ever see it
	resting = 200
	usual   = 100
)

// Relax makes the collector wait longer as long as little is in use. It does nothing where the user decided by GOGC.
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
		if inUse() > little {
			debug.SetGCPercent(usual)
			return
		}
		debug.SetGCPercent(resting)
		await()
	}, 0)
}

// inUse is what the last collection found to be in use.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return little + 1 // a runtime that does not tell
	}
	return sample[0].Value.Uint64()
}
