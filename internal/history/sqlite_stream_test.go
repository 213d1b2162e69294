package history

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/must"
)

// TestReserveStream refuses a pipe that the process holds: nothing would come from it, and no signal would end the waiting.
func TestReserveStream(t *testing.T) {
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("no /proc here")
	}
	r, w, err := os.Pipe()
	must.Do(t, err)
	defer r.Close()
	defer w.Close()
	if err := reserve(fmt.Sprintf("/proc/self/fd/%d", r.Fd()), false); err == nil || !strings.Contains(err.Error(), "it is no file, but a stream") {
		t.Errorf("error is %v", err)
	}
}
