package report

import (
	"encoding/json"
	"io"
)

// JSON writes a value as indented JSON, with a line feed at the end and without escaping for HTML.
func JSON(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}
