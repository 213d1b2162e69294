package graph

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/schemas"
)

// digest stands for a key or a record where millions of them have to be known.
type digest [16]byte

func digestOf(data []byte) digest {
	sum := sha256.Sum256(data)
	return digest(sum[:16])
}

// seen finds records that two pages have in common, as they do when the list
// changes while it is read.
type seen struct {
	key     string // "" if the whole record is the key
	records map[digest]digest
}

func newSeen(dataset *schemas.Dataset) *seen {
	return &seen{key: uniqueKey(dataset), records: map[digest]digest{}}
}

// uniqueKey is the field that tells records apart, if one alone does. Records that several fields tell apart are compared as a whole:
// which of two that differ is right is not for an importer to say.
func uniqueKey(dataset *schemas.Dataset) string {
	if len(dataset.Unique) == 1 {
		return dataset.Unique[0]
	}
	return ""
}

func (s *seen) again(record any) (bool, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return false, err
	}
	content := digestOf(data)
	name := content
	if s.key != "" {
		fields, _ := record.(map[string]any)
		key, ok := fields[s.key].(string)
		if !ok {
			// Validation says so, with the place.
			return false, nil
		}
		name = digestOf([]byte(strings.ToLower(key)))
		if before, ok := s.records[name]; ok && before != content {
			return false, &evidence.Error{
				Summary: fmt.Sprintf("two records with %s %q differ", s.key, clip(key)),
				Hint:    "Pages of one collection agree: save them all again.",
			}
		}
	}
	_, again := s.records[name]
	s.records[name] = content
	return again, nil
}
