package report

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/posture-score/posture/engine"
)

// Failures writes failing records as JSON, each on a line of its own. It holds no more of them than fit into its buffer.
type Failures struct {
	buffer *bufio.Writer
	enc    *json.Encoder
}

// NewFailures begins a list of failing records.
func NewFailures(w io.Writer) *Failures {
	buffer := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buffer)
	enc.SetEscapeHTML(false)
	return &Failures{buffer: buffer, enc: enc}
}

// Add puts a record on the list.
func (f *Failures) Add(failure engine.Failure) error { return f.enc.Encode(failure) }

// Flush writes what is in the buffer: the list is complete then.
func (f *Failures) Flush() error { return f.buffer.Flush() }
