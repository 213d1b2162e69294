package outcome

import (
	"slices"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
)

// TestExceptionShown holds that the exception that an action shows is one that sets its status, the newest of them, in whatever order the
// evidence has them.
func TestExceptionShown(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	day := func(n int) *time.Time {
		at := now.AddDate(0, 0, n)
		return &at
	}
	made := func(status Status, text string, created, expires *time.Time) exception {
		return exception{Exception: Exception{Text: text, Created: created, Expires: expires}, status: status, global: true}
	}
	group := made(Planned, "group", day(-1), nil)
	group.global = false
	all := []exception{
		made(ThirdParty, "earns more", day(-1), nil), made(Planned, "old", day(-9), nil), made(Planned, "new", day(-2), day(90)), made(Planned, "undated", nil, nil),
		made(RiskAccepted, "ended", day(-1), day(-1)), group,
	}
	for range 2 {
		r := &Result{Outcome: Partial, Status: ToAddress}
		r.applyExceptions(all, now)
		expect.Equal(t, Planned, r.Status)
		expect.Equal(t, "new", r.Exception.Text)
		slices.Reverse(all)
	}
	for _, outcome := range []Outcome{Complete, NotApplicable} {
		r := &Result{Outcome: outcome}
		r.applyExceptions(all, now)
		if r.Exception != nil {
			t.Errorf("%s: %+v has no effect", outcome, r.Exception)
		}
	}
}
