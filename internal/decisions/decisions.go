package decisions

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/score"
)

// State is where a decision stands. Of several that hold, the first counts.
type State string

// The states, the most urgent first.
const (
	Expired  State = "expired"   // its end has come: the action is to address again
	Overdue  State = "overdue"   // planned, and its last day is over
	Expiring State = "expiring"  // its end comes within [Ahead] days
	Due      State = "due"       // planned, and its last day comes within [Ahead] days
	Planned  State = "planned"   // planned, with a later day or none
	Standing State = "standing"  // any other status that holds
	Open     State = "open"      // to address, with an owner
	Done     State = "done"      // the evidence shows that the action is completed
	Void     State = "no_effect" // the action does not apply, or exceptions in the evidence decide its status
	Unused   State = "unused"    // no action of the assessment has this id
)

// States returns the states, the most urgent first.
func States() []State {
	return []State{Expired, Overdue, Expiring, Due, Planned, Standing, Open, Done, Void, Unused}
}

// Ahead is how many days before its end a decision is said to expire, and Soon before its end it is urgent. The findings of an
// assessment begin at Soon, too.
const (
	Ahead = 30
	Soon  = 14
)

// Item is a decision about one action, as of a time.
type Item struct {
	ID       string         `json:"id"`
	Title    string         `json:"title"` // empty if the action is unknown
	State    State          `json:"state"`
	Status   engine.Status  `json:"status"`  // as it was decided
	Outcome  engine.Outcome `json:"outcome"` // by the evidence; empty if the action is unknown
	Left     score.Points   `json:"left"`    // what can still be earned
	Effort   int            `json:"effort"`  // 0 if the action is unknown
	Owner    string         `json:"owner"`
	Due      string         `json:"due,omitempty"`      // the last day on which it may be done
	DueIn    *int           `json:"due_in,omitempty"`   // days until then; negative if it is overdue. Absent if nothing is to be done
	Expires  string         `json:"expires,omitempty"`  // the first day on which the status holds no more
	EndsIn   *int           `json:"ends_in,omitempty"`  // days until then; 0 or less if it is over. Absent if the status has no effect
	Reason   string         `json:"reason,omitempty"`   // of the decision
	Approved string         `json:"approved,omitempty"` // by whom
	Ticket   string         `json:"ticket,omitempty"`
	Tags     []string       `json:"tags,omitempty"`
}

// Planned reports whether the action is planned, and still to be done.
func (i *Item) Planned() bool {
	return i.Status == engine.Planned && !slices.Contains([]State{Expired, Done, Void, Unused}, i.State)
}

// List returns the decisions of an organization as of a time, sorted by the id of the action. Notes, tags and exclusions alone are no
// decision. If decisions is nil, they are those that the assessment was made with.
func List(a *engine.Assessment, decided map[string]engine.Decision, now time.Time) []Item {
	actions := map[string]*engine.Action{}
	for i := range a.Actions {
		actions[a.Actions[i].ID] = &a.Actions[i]
	}
	if decided == nil {
		decided = map[string]engine.Decision{}
		for id, action := range actions {
			if action.Decision != nil {
				decided[id] = *action.Decision
			}
		}
	}
	items := []Item{}
	for _, id := range slices.Sorted(maps.Keys(decided)) {
		d := decided[id]
		if (d.Status == "" || d.Status == engine.ToAddress) && d.Owner == "" && d.Due == nil && d.Expires == nil {
			continue
		}
		items = append(items, newItem(id, &d, actions[id], now))
	}
	return items
}

func newItem(id string, d *engine.Decision, a *engine.Action, now time.Time) Item {
	item := Item{
		ID: id, Status: cmp.Or(d.Status, engine.ToAddress), Owner: strings.TrimSpace(d.Owner), Due: day(d.Due), Expires: day(d.Expires),
		Reason: d.Reason, Approved: d.ApprovedBy, Ticket: d.Ticket, Tags: d.Tags,
	}
	if a != nil {
		item.Title, item.Outcome, item.Left = a.Title, a.Outcome, max(0, a.Left())
		item.Effort = score.Effort(a.Difficulty, a.UserImpact, a.Complexity)
	}
	if item.State = ineffective(item.Status, a); item.State != "" {
		return item
	}
	if d.Expires != nil && item.Status != engine.ToAddress {
		left := daysUntil(*d.Expires, now)
		if d.Expires.After(now) {
			left = max(left, 1) // some hours are left
		}
		item.EndsIn = &left
	}
	over := item.EndsIn != nil && *item.EndsIn <= 0
	if item.Status == engine.Planned && d.Due != nil && !over {
		left := daysUntil(*d.Due, now)
		item.DueIn = &left
	}
	item.State = item.effective(over)
	return item
}

// ineffective returns why a decision has no effect, or "".
func ineffective(status engine.Status, a *engine.Action) State {
	switch {
	case a == nil:
		return Unused
	case a.Outcome == engine.Complete:
		return Done
	case a.Outcome == engine.NotApplicable:
		return Void
	// The assessment was made with this decision, which has not ended, and took another status: that of an exception in the evidence.
	case a.Decision != nil && a.Decision.Status == status && status != engine.ToAddress && a.Status != status && a.Decision.Expires == nil:
		return Void
	}
	return ""
}

// effective returns the state of a decision that has an effect, or had one until it was over.
func (i *Item) effective(over bool) State {
	switch {
	case over:
		return Expired
	case i.DueIn != nil && *i.DueIn < 0:
		return Overdue
	case i.EndsIn != nil && *i.EndsIn <= Ahead:
		return Expiring
	case i.DueIn != nil && *i.DueIn <= Ahead:
		return Due
	case i.Status == engine.Planned:
		return Planned
	case i.Status == engine.ToAddress:
		return Open
	}
	return Standing
}

// daysUntil returns how many days lie between the days of two times.
func daysUntil(at, now time.Time) int {
	return int(midnight(at).Sub(midnight(now)) / (24 * time.Hour))
}

func midnight(at time.Time) time.Time { return at.UTC().Truncate(24 * time.Hour) }

func day(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}
