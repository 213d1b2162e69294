//go:build unix

package measure

import (
	"os"
	"runtime"
	"syscall"
)

// peak returns the most memory that an ended process held.
func peak(state *os.ProcessState) (int64, error) {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, errUnknown
	}
	most := int64(usage.Maxrss) //nolint:unconvert // an int32 where words have 32 bits
	if runtime.GOOS == "darwin" {
		return most, nil // in bytes: getrusage(2) of macOS
	}
	return most << 10, nil // in KiB: getrusage(2) of Linux and the BSDs
}
