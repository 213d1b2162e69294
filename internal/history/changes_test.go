package history_test

import (
	"fmt"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
)

// step is a change as the tests compare it.
type step struct{ Before, After int64 }

// steps returns the changes of a store, each of which has to be what a comparison of the two assessments says.
func steps(t *testing.T, s *history.Store, f history.Filter) []step {
	t.Helper()
	var found []step
	for _, c := range all(t, s.Changes(t.Context(), f)) {
		found = append(found, step{c.Before, c.After.ID})
		before := must.Get(s.Assessment(t.Context(), c.After.Tenant.ID, c.Before))(t)
		after := must.Get(s.Assessment(t.Context(), c.After.Tenant.ID, c.After.ID))(t)
		expect.Equal(t, attribution.Compare(before, after), c.Attribution)
	}
	return found
}

// TestChanges holds that every entry is compared with the one before it in time, in whatever order they are appended.
func TestChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, sample("t", 1, 1), sample("t", 9, 9))
		expect.Equal(t, []step{{1, 2}}, steps(t, s, history.Filter{}))
		record(t, s, sample("t", 5, 5), sample("u", 6, 6), sample("u", 2, 2))
		expect.Equal(t, []step{{1, 3}, {3, 2}, {2, 1}}, steps(t, s, history.Filter{}))
		expect.Equal(t, []step{{3, 2}, {1, 3}}, steps(t, s, history.Filter{Tenant: "t", Newest: true}))
		expect.Equal(t, []step{{3, 2}}, steps(t, s, history.Filter{Tenant: "t", From: day(6)}))

		// Microsoft counts by itself.
		_, _, err := s.Append(t.Context(), sample("t", 7, 7), history.Microsoft)
		must.Do(t, err)
		expect.Equal(t, []step{{1, 3}, {3, 2}}, steps(t, s, history.Filter{Tenant: "t"}))

		// What retention drops is passed over.
		pruned := must.Get(s.Prune(t.Context(), "t", settings.Keep{{Period: "yearly", Count: 1}, {Period: "weekly", Count: 2}}, false))(t)
		if len(pruned.Dropped) != 1 || pruned.Dropped[0].ID != 3 {
			t.Errorf("dropped: %+v", pruned.Dropped)
		}
		expect.Equal(t, []step{{1, 2}}, steps(t, s, history.Filter{Tenant: "t"}))
		sameAsNew(t, s)
	})
}

// TestChangesAnew computes changes again that other rules made.
func TestChangesAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, sample("t", 1, 1), sample("t", 2, 2), sample("t", 3, 3))
		tamper(t, url, "UPDATE changes SET version = 0, attribution = (SELECT attribution FROM changes WHERE entry_key = 3) WHERE entry_key = 2")
		sameAsNew(t, s)
		expect.Equal(t, []step{{1, 2}, {2, 3}}, steps(t, s, history.Filter{}))
	})
}

// TestChangesOfDamage says nothing of an assessment that was changed, and all of the others.
func TestChangesOfDamage(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		record(t, s, sample("t", 1, 1), sample("t", 2, 2), sample("t", 3, 3), sample("t", 4, 4))
		tamper(t, url, "UPDATE contents SET assessment = 'x' WHERE entry_key = 2", "DELETE FROM changes")
		changes := all(t, s.Changes(t.Context(), history.Filter{}))
		if len(changes) != 3 || changes[0].Attribution != nil || changes[1].Attribution != nil || changes[2].Attribution == nil {
			t.Errorf("%+v", changes)
		}
		record(t, s, sample("t", 5, 5))
	})
}

// sameAsNew fails if the chain is not sound.
func sameAsNew(t *testing.T, s *history.Store) {
	t.Helper()
	for _, v := range must.Get(s.Verify(t.Context(), history.Filter{}))(t) {
		expect.Equalf(t, nil, v.Findings, "findings of %s", v.Tenant.ID)
	}
}

// TestMethod fails if comparisons say something else than they did when the version of the method was set. Then raise the version, so
// that stored changes are computed anew, and set this digest.
func TestMethod(t *testing.T) {
	before, after := sample("t", 1, 3), sample("t", 2, 6)
	after.Actions[1].Outcome = engine.NoEvidence
	after.Catalog.Digest = digest("another catalog")
	expect.Equal(t, "66210311d3fca98a338fc0d247a1db781cf29c47dbdf5cfbcd4ebb865e3025d6", history.Digest(attribution.Compare(before, after)))
}

// TestBrief names a few of many records that moved, or all that the assessments name.
func TestBrief(t *testing.T) {
	onBoth(t, func(t *testing.T, url string) {
		s := open(t, url)
		failing := func(n int, prefix string) *engine.Assessment {
			a := sample("t", n, 4)
			users := &a.Actions[0]
			users.Coverage.InScope, users.Coverage.Records = 50, 50
			users.Failing = &engine.Failing{Total: 40}
			users.Coverage.Compliant = 10
			for i := range 40 {
				users.Failing.Shown = append(users.Failing.Shown, engine.Record{Key: fmt.Sprintf("%s%02d", prefix, i)})
			}
			return a
		}
		record(t, s, failing(1, "a"), failing(2, "b"))
		for brief, want := range map[bool]int{true: 3, false: 40} {
			changes := all(t, s.Changes(t.Context(), history.Filter{Brief: brief}))
			moved := changes[0].Attribution.Actions[0].Records
			expect.Equalf(t, int64(40), moved.Failing.Total, "brief: %v", brief)
			expect.Equalf(t, want, len(moved.Failing.Shown), "brief: %v", brief)
			expect.Equalf(t, want, len(moved.Resolved.Shown), "brief: %v", brief)
			expect.Equalf(t, "b02", moved.Failing.Shown[2].Key, "brief: %v", brief)
		}
		steps(t, s, history.Filter{}) // they are those of the assessments
	})
}
