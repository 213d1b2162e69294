package report

import (
	"bufio"
	"encoding/json"
	"io"

	"github.com/posture-score/posture/engine"
)

// Failures writes failing records as NDJSON. It holds no more of them than fit into its buffer.
type Failures struct {
	buffer *bufio.Writer
	enc    *json.Encoder
}

// NewFailures returns a writer of failing records.
func NewFailures(w io.Writer) *Failures {
	buffer := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(buffer)
	enc.SetEscapeHTML(false)
	return &Failures{buffer: buffer, enc: enc}
}

// Add writes a record.
func (f *Failures) Add(failure engine.Failure) error { return f.enc.Encode(failure) }

// Flush writes what is in the buffer. Call it after the last record.
func (f *Failures) Flush() error { return f.buffer.Flush() }
