package api

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/posture-score/posture/internal/decisions"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/trend"
)

// past returns the history of a tenant; it is empty if there is none.
func past(s *snapshot.Snapshot) *snapshot.Past {
	if s.Past == nil {
		return &snapshot.Past{}
	}
	return s.Past
}

// entries answers with the entries of the history, newest first, as posture history list prints them.
func entries(format string) answer {
	return func(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
		if _, err := parameters(r); err != nil {
			return err
		}
		list := slices.Clone(past(s).Entries)
		slices.Reverse(list)
		return write(w, r, s, report.Entries{Tenant: s.Tenant, Entries: list}, format, "history")
	}
}

// entry answers with one entry, and why its score differs from the one before.
func entry(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	if _, err := parameters(r); err != nil {
		return err
	}
	number, err := strconv.ParseInt(r.PathValue("entry"), 10, 64)
	p := past(s)
	i := slices.IndexFunc(p.Entries, func(e history.Entry) bool { return e.ID == number })
	if err != nil || i < 0 {
		return refuse(http.StatusNotFound, "There is no such entry.")
	}
	page := report.Entry{Tenant: s.Tenant, Entry: p.Entries[i]}
	for j := range p.Changes {
		if p.Changes[j].After.ID == number {
			page.Change = p.Changes[j].Attribution
		}
	}
	return write(w, r, s, page, "json", "entry")
}

// trends answers with the score over time, as posture trends prints it.
func trends(format string) answer {
	return func(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
		values, err := parameters(r, "every")
		if err != nil {
			return err
		}
		period := trend.Period(values.Get("every"))
		if period != "" && !slices.Contains([]string{"each", "day", "week", "month"}, string(period)) {
			return wrong("every", "it has to be each, day, week or month")
		}
		over := past(s).Trend
		if over == nil {
			return refuse(http.StatusNotFound, "There is no history yet: posture assess PATH --record begins one.")
		}
		return write(w, r, s, report.Trends{Trend: over, Period: period}, format, "trends")
	}
}

// owners answers with what each owner has decided, as posture register owners prints it. Days are counted from the time of the snapshot.
func owners(format string) answer {
	return func(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
		if _, err := parameters(r); err != nil {
			return err
		}
		list := decisions.List(s.Assessment, s.Register.Decisions, s.Now)
		return write(w, r, s, report.Owners{Assessment: s.Assessment, Now: s.Now, Owners: decisions.ByOwner(list)}, format, "owners")
	}
}
