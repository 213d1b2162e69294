package report

import (
	"strings"

	"github.com/posture-score/posture/engine"
)

// shortKey is how many digits of an id a line shows that names several records.
const shortKey = 8

// named returns a record as a line names it that names others, too: by its label and its key, of which an id is cut short, or by its
// key alone.
func named(r engine.Record) string {
	if r.Label == "" {
		return clip(clean(r.Key), maxName)
	}
	key := clip(clean(r.Key), maxName)
	if len(r.Key) > shortKey+len("...") && strings.Trim(r.Key, "0123456789abcdefABCDEF-") == "" {
		key = r.Key[:shortKey] + "..."
	}
	return clip(clean(r.Label), maxName) + " (" + key + ")"
}

// names returns records as lines of their own name them: with whole keys.
func names(records []engine.Record) []string {
	list := make([]string, len(records))
	for i, r := range records {
		list[i] = r.String()
	}
	return list
}
