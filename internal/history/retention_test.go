package history_test

import (
	"errors"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
)

// TestPrune keeps of 60 days what rules say, drops the rest, and keeps the chain.
func TestPrune(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		for n := 1; n <= 60; n++ { // from Thursday, January 1, to Sunday, March 1
			record(t, s, sample("t", n, int64(n%11)))
		}
		record(t, s, sample("u", 1, 1))
		keep := must.Get(settings.ParseKeep("daily:3,weekly:2,monthly:*"))(t)
		dry := must.Get(s.Prune(t.Context(), "t", keep, true))(t)
		if dry.Kept != 5 || len(dry.Dropped) != 55 || dry.Checkpoint != 0 {
			t.Errorf("a dry run keeps %d, and drops %d", dry.Kept, len(dry.Dropped))
		}
		sound(t, s, 60)
		done := must.Get(s.Prune(t.Context(), "t", keep, false))(t)
		expect.Equal(t, dry.Dropped, done.Dropped)
		var kept []string
		for _, e := range all(t, s.Entries(t.Context(), history.Filter{Tenant: "t"})) {
			if _, err := s.Assessment(t.Context(), "t", e.ID); e.Pruned != errors.Is(err, history.ErrPruned) {
				t.Errorf("entry %d is pruned: %v, and reads %v", e.ID, e.Pruned, err)
			}
			if !e.Pruned {
				kept = append(kept, e.EvaluatedAt.Format(time.DateOnly))
			}
		}
		expect.Equal(t, []string{"2026-01-31", "2026-02-22", "2026-02-27", "2026-02-28", "2026-03-01"}, kept)
		v := must.Get(s.Verify(t.Context(), history.Filter{Tenant: "t"}))(t)[0]
		if len(v.Findings) > 0 || v.Entries != 60 || v.Pruned != 55 || v.Checkpoints != 1 || v.Head != done.Head {
			t.Errorf("%+v", v)
		}
		for _, row := range all(t, s.Rows(t.Context(), history.Filter{Tenant: "t"})) {
			if row.Entry != 31 && row.Entry != 53 && row.Entry < 58 {
				t.Errorf("a result of entry %d is there", row.Entry)
			}
		}

		// There is nothing more to drop; what was dropped is known; and the chain goes on.
		again := must.Get(s.Prune(t.Context(), "t", keep, false))(t)
		if again.Kept != 5 || again.Dropped != nil || again.Head != done.Head {
			t.Errorf("%+v", again)
		}
		if _, isNew, err := s.Append(t.Context(), sample("t", 1, 1), history.Posture); err != nil || isNew {
			t.Errorf("what was dropped is new: %v, %v", isNew, err)
		}
		if next := record(t, s, sample("t", 61, 1))[0]; next.ID != 62 || next.Previous != done.Head {
			t.Errorf("the next entry is %+v", next)
		}
		sameAsNew(t, s)
	})
}

func TestPruneNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, sample("t", 1, 1))
		if _, err := s.Prune(t.Context(), "u", settings.Keep{{Period: "daily", Count: 1}}, false); !errors.Is(err, history.ErrUnknown) {
			t.Errorf("an unknown tenant: %v", err)
		}
		if _, err := s.Prune(t.Context(), "t", nil, false); err == nil {
			t.Error("no rule keeps nothing, and was taken")
		}
		sound(t, s, 1)
	})
}
