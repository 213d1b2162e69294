package engine

import "encoding/json"

// Record names a record of the evidence: by the key of its dataset and, where the dataset has one, by the name that people know it
// by. Both are as the evidence has them, and so is whatever they do to who prints them.
type Record struct {
	Key   string `json:"key"`             // as the dataset's key field holds it; of a record without one, its place in the dataset
	Label string `json:"label,omitempty"` // such as a user principal name: at most 128 characters; empty if there is none, or if it is the key
}

// UnmarshalJSON reads a record or, as in assessments of the schema version 1, a text that is its key.
func (r *Record) UnmarshalJSON(text []byte) error {
	*r = Record{}
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &r.Key)
	}
	type plain Record
	return json.Unmarshal(text, (*plain)(r))
}

// String returns the label with the key in parentheses, or the key alone.
func (r Record) String() string {
	if r.Label == "" {
		return r.Key
	}
	return r.Label + " (" + r.Key + ")"
}
