package msgraph

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/importer/jsonfile"
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
	dataset *schemas.Dataset
	records map[digest]digest
}

func newSeen(dataset *schemas.Dataset) *seen {
	return &seen{dataset: dataset, records: map[digest]digest{}}
}

// identity is what tells a record from others: its unique fields, in small
// letters. It is false if the dataset has none or the record lacks one.
func identity(dataset *schemas.Dataset, record any) (string, bool) {
	fields, _ := record.(map[string]any)
	var parts []string
	for _, name := range dataset.Unique {
		text, ok := fields[name].(string)
		if !ok {
			return "", false
		}
		parts = append(parts, strings.ToLower(text))
	}
	return strings.Join(parts, " "), len(parts) > 0
}

// again reports whether a record was seen before. Of two in a population that
// contradict each other both are kept, for the assessment to count neither; a
// list is read whole, and has to say one thing.
func (s *seen) again(record any) (bool, error) {
	data, err := json.Marshal(record)
	if err != nil {
		return false, err
	}
	content := digestOf(data)
	name := content
	if id, ok := identity(s.dataset, record); ok {
		name = digestOf([]byte(id))
		before, known := s.records[name]
		switch {
		case !known || before == content:
		case s.dataset.Kind == schemas.Population:
			return false, nil
		default:
			return false, &evidence.Error{
				Summary: fmt.Sprintf("two records with %s %q differ", strings.Join(s.dataset.Unique, " and "), jsonfile.Clip(id)),
				Hint:    "Pages of one collection agree: save them all again.",
			}
		}
	}
	_, again := s.records[name]
	s.records[name] = content
	return again, nil
}
