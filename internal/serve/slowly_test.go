package serve_test

import (
	"fmt"
	"io"
	"runtime"

	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/snapshot"
)

// pieces is how many times a page of slowly names its version.
const pieces = 50

// slowly renders a page in pieces, so that others come between them.
type slowly struct{ words }

func (*slowly) Render(w io.Writer, s *snapshot.Snapshot, _ page.Request) error {
	for range pieces {
		if _, err := fmt.Fprintln(w, s.Version); err != nil {
			return err
		}
		runtime.Gosched()
	}
	return nil
}
