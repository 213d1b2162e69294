package history_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
)

// fillUp appends assessments until one can't be stored, and returns how many were, and why that one was not.
func fillUp(t *testing.T, s *history.Store, most int) (int, error) {
	t.Helper()
	for n := range most {
		if _, _, err := s.Append(t.Context(), sample("t", n+1, int64(n%11)), history.Posture); err != nil {
			return n, err
		}
	}
	t.Fatalf("%d entries are not too many", most)
	return 0, nil
}

// TestFullFile appends to a file that must not grow: what was stored is there, and nothing of what was not.
func TestFullFile(t *testing.T) {
	path := t.TempDir() + "/" + history.Name
	s := open(t, path)
	record(t, s, sample("t", 1000, 1))
	must.Do(t, s.Limit(t.Context(), 80))
	stored, err := fillUp(t, s, 1000)
	if !strings.HasSuffix(err.Error(), ": the disk is full: nothing was stored. Make room and try again") {
		t.Error(err)
	}
	sound(t, s, stored+1)
	must.Do(t, s.Limit(t.Context(), 1<<30))
	record(t, s, sample("t", stored+1, int64(stored%11)), sample("t", 2000, 1))
	sound(t, s, stored+3)
	sound(t, open(t, path), stored+3)
}

// TestInterrupted appends with a context that has ended: nothing is stored.
func TestInterrupted(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, sample("t", 1, 1))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, _, err := s.Append(ctx, sample("t", 2, 2), history.Posture); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		for _, err := range s.Entries(ctx, history.Filter{}) {
			if !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
		sound(t, s, 1)
	})
}
