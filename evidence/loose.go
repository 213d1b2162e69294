package evidence

import (
	"errors"

	"github.com/posture-score/posture/internal/jsonscan"
)

// Loose projects records that stand in no file, one after another. It is for one goroutine.
type Loose struct{ record Projected }

// NewLoose makes one for the fields that slots are wanted of.
func NewLoose(fields []jsonscan.Field) *Loose {
	return &Loose{Projected{projector: jsonscan.NewPruner(fields, DefaultLimits().Depth)}}
}

// Project projects a record, which is valid until the next one and as long as its text.
func (l *Loose) Project(json []byte) (*Projected, error) {
	if end, status := l.record.projector.Value(json, 0, true); status != jsonscan.OK || end != len(json) {
		return nil, errors.New("this is not one JSON value")
	}
	l.record.json = json
	return &l.record, nil
}
