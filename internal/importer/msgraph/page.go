package msgraph

import "github.com/posture-score/posture/internal/importer/jsonfile"

// page is one response as it was saved.
type page struct {
	file    string
	index   int // in the file
	level   int // how many lists and objects are around a record of it
	context string
	url     string // of the request, where it was saved as well
	next    string // of the next page
	id      string // of the request in a batch
	list    bool   // it has a list of records, rather than being one
	records int64  // in the list
	deleted int64  // of them, those that were deleted
	count   int64  // of all pages, if the request asked for it; -1 if not
	more    bool   // a next page is named
	changes bool   // a delta link is named
	outer   bool   // its records are responses
	nothing bool   // it is neither a list nor a record, as null is
	failure string
	filled  map[string]bool // the fields that some record has with a value, in small letters, where that matters
}

// codeOf takes the code out of an error that Graph answered with.
func codeOf(value any) string {
	if fields, ok := value.(map[string]any); ok {
		if code, ok := fields["code"].(string); ok && code != "" {
			return jsonfile.Clip(code)
		}
	}
	return "an error without a code"
}
