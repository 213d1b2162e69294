package gcpace

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

const (
	// Bytes that are in use after a collection.
	little = 10 << 20
	much   = 16 << 20
	most   = 32 << 20

	// Percent by which the heap may grow beyond what is in use before the next collection.
	first   = 400 // which comes at 16 MiB: few small runs ever see it
	resting = 200
	usual   = 100
	pressed = 40
	hardest = 20 // what is in use is tables then, which take no time to clean
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
		debug.SetGCPercent(pace(inUse()))
		await()
	}, 0)
}

// pace is how far the heap may grow.
func pace(inUse uint64) int {
	switch {
	case inUse > most:
		return hardest
	case inUse > much:
		return pressed
	case inUse > little:
		return usual
	}
	return resting
}

// inUse is what the last collection found to be in use.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	if sample[0].Value.Kind() != metrics.KindUint64 {
		return little + 1 // a runtime that does not tell: as any Go program
	}
	return sample[0].Value.Uint64()
}
