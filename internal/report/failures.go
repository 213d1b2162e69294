package report

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"github.com/posture-score/posture/engine"
)

// Failures writes failing records, one on a line: as JSON, or as CSV. It holds no more of them than fit into its buffer.
type Failures struct {
	buffer *bufio.Writer
	json   *json.Encoder
	csv    *csv.Writer // instead of json
}

// NewFailures returns a writer of failing records into a file of some name: CSV if its name ends in .csv, and NDJSON otherwise.
func NewFailures(w io.Writer, name string) *Failures {
	buffer := bufio.NewWriterSize(w, 64<<10)
	f := &Failures{buffer: buffer}
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		f.csv = csv.NewWriter(buffer)
		_ = f.csv.Write([]string{"control", "dataset", "record", "key", "reasons"}) // into the buffer
		return f
	}
	f.json = json.NewEncoder(buffer)
	f.json.SetEscapeHTML(false)
	return f
}

// Add writes a record. A text of CSV that a spreadsheet would take for a formula is made text.
func (f *Failures) Add(failure engine.Failure) error {
	if f.csv == nil {
		return f.json.Encode(failure)
	}
	row := []string{failure.Control, failure.Dataset, failure.Label, failure.Key, strings.Join(failure.Reasons, "; ")}
	for i := range row {
		row[i] = Cell(row[i])
	}
	return f.csv.Write(row)
}

// Flush writes what is in the buffer. Call it after the last record.
func (f *Failures) Flush() error {
	if f.csv != nil {
		if f.csv.Flush(); f.csv.Error() != nil {
			return f.csv.Error()
		}
	}
	return f.buffer.Flush()
}
