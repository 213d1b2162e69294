package history

import (
	"encoding/json"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
)

// maxNamed is how many records of a kind a change names that is read in brief.
const maxNamed = 3

// moves are the records that moved, by action, in full.
type moves map[string]*attribution.Moved

// brief returns an attribution that names the first few records of each kind, and what it leaves out; nil if it leaves out nothing.
func brief(full *attribution.Attribution) (*attribution.Attribution, moves) {
	var left moves
	short := *full
	short.Actions = make([]attribution.Change, len(full.Actions))
	for i, c := range full.Actions {
		if c.Records != nil && long(c.Records) {
			if left == nil {
				left = moves{}
			}
			left[c.ID] = c.Records
			c.Records = shortened(c.Records)
		}
		short.Actions[i] = c
	}
	return &short, left
}

// sets returns the places of the sets of records that moved.
func sets(m *attribution.Moved) []**attribution.Set {
	return []**attribution.Set{&m.Failing, &m.Resolved, &m.Regressed, &m.Improved, &m.Came, &m.Left}
}

// long reports whether more records of a kind are named than in brief.
func long(m *attribution.Moved) bool {
	for _, set := range sets(m) {
		if *set != nil && len((*set).Shown) > maxNamed {
			return true
		}
	}
	return false
}

func shortened(m *attribution.Moved) *attribution.Moved {
	short := *m
	for _, set := range sets(&short) {
		if s := *set; s != nil && len(s.Shown) > maxNamed {
			*set = &attribution.Set{Total: s.Total, Shown: append([]engine.Record{}, s.Shown[:maxNamed]...)}
		}
	}
	return &short
}

// restore puts back what was left out.
func (m moves) restore(a *attribution.Attribution) {
	for i := range a.Actions {
		if full, ok := m[a.Actions[i].ID]; ok {
			a.Actions[i].Records = full
		}
	}
}

// packMoves returns moves as they are stored; nil if there are none.
func (s *Store) packMoves(m moves) ([]byte, error) {
	if m == nil {
		return nil, nil
	}
	text, err := compact(m)
	if err != nil {
		return nil, err
	}
	return s.pack(text), nil
}

// unpackMoves returns moves that were stored.
func (s *Store) unpackMoves(packed []byte) (m moves, err error) {
	if len(packed) == 0 {
		return nil, nil
	}
	text, err := s.unpack(packed)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	return m, err
}
