package source

import "strings"

// hidden is an error of an import. It may name the folder of the temporary
// bundle, which nobody knows: its text has the name of the evidence there.
type hidden struct {
	error
	dir, name string
}

// Error is the text of the error, in the terms of the user.
func (h hidden) Error() string {
	text := strings.ReplaceAll(h.error.Error(), h.dir+": ", "")
	text = strings.ReplaceAll(text, h.dir+"/", "")
	return strings.ReplaceAll(text, h.dir, h.name)
}

// Unwrap gives the error itself.
func (h hidden) Unwrap() error { return h.error }
