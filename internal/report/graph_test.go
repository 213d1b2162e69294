package report

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

// TestGraph writes what the page says, as it says it, and passes on why it can't. (Package securescore tests what is in it.)
func TestGraph(t *testing.T) {
	page := pages(t)["named"]
	page.Graph = func(w io.Writer) error {
		_, err := io.WriteString(w, "{}\n")
		return err
	}
	expect.Equal(t, "{}\n", rendered(t, page, "graph"))
	full := full(1)
	if err := Write(&full, page, "graph", Style{}); !errors.Is(err, errFull) {
		t.Errorf("on a full disk: %v", err)
	}
	page.Graph = func(io.Writer) error { return errors.New("no tenant") }
	errorHas(t, Write(&bytes.Buffer{}, page, "graph", Style{}), "no tenant")
}
