package powershell

import (
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Text reads a file as UTF-8, whichever of UTF-8 and UTF-16 its byte-order
// mark says it is in, and without the mark. Windows PowerShell saves UTF-16
// unless told otherwise. Text without a mark passes unchanged.
func Text(r io.Reader) io.Reader {
	return transform.NewReader(r, unicode.BOMOverride(transform.Nop))
}
