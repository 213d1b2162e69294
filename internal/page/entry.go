package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/score"
)

// Bounds of what an entry names.
const (
	maxMoved  = 3 // records of one kind, and fields
	nameRunes = 60
)

// entry is the model of one entry of the history: why the score differs from the one before.
type entry struct {
	*frame
	ID         int64
	At         time.Time
	Percent    score.Points
	Score      string // achieved of total
	Known      bool   // it could be compared with the one before
	Why        string // it could not
	Old, New   attribution.Side
	Before     int64  // number of the entry before
	BeforeLink string // empty if there is none
	NextLink   string // to the entry after it; empty if there is none
	Bridge     *chart.Figure
	Causes     []causeLine
	Sum        causeLine
	Actions    []changedAction
	Reasons    []reason // of actions that could not be compared
	Notes      []string
	Renewed    []string
}

// causeLine is what one cause changed.
type causeLine struct {
	Name    string
	Actions int
	attribution.Amount
}

// changedAction is an action that changed with an entry.
type changedAction struct {
	ID, Title, Link string
	Word            string
	Causes          string
	Before, After   string
	Lines           []string // what moved, in words
	attribution.Amount
}

// reason is why some actions could not be compared.
type reason struct {
	Text    string
	Count   int64
	Actions []incomparable
}

type incomparable struct{ ID, Title, Link string }

// entryOf returns the model of an entry by its number.
func entryOf(f *frame, number string) (any, error) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return nil, ErrNotFound
	}
	entries := f.snapshot.Past.Entries
	at := slices.IndexFunc(entries, func(e history.Entry) bool { return e.ID == id })
	if at < 0 {
		return nil, ErrNotFound
	}
	i := slices.IndexFunc(f.snapshot.Past.Changes, func(c history.Change) bool { return c.After.ID == id })
	var e *entry
	switch {
	case i >= 0:
		e = newEntry(f, f.snapshot.Past.Changes[i])
	case entries[at].Pruned:
		e = newEntry(f, history.Change{After: entries[at]})
		e.Why = "Retention dropped this assessment; its score is kept."
	default:
		e = newEntry(f, history.Change{After: entries[at]})
		e.Why = "There is no assessment before it to compare with."
	}
	if at+1 < len(entries) {
		e.NextLink = f.Links.Entry(entries[at+1].ID)
	}
	return e, nil
}

func newEntry(f *frame, c history.Change) *entry {
	e := &entry{
		frame: f, ID: c.After.ID, At: c.After.EvaluatedAt, Percent: c.After.Score.Percent, Before: c.Before,
		Score: points(c.After.Score.Achieved) + " of " + points(c.After.Score.Total) + " points", Renewed: renewed(c.Attribution),
	}
	if c.Before > 0 {
		e.BeforeLink = f.Links.Entry(c.Before)
	}
	a := c.Attribution
	if a == nil {
		e.Why = "Nothing can be said about this change: one of the two assessments was changed in the store."
		return e
	}
	e.Known, e.Old, e.New, e.Notes = true, a.Old, a.New, a.Notes
	e.Bridge = causeBridge("entry-"+strconv.FormatInt(e.ID, 10)+"-bridge", a).Figure()
	for _, part := range a.Causes {
		e.Causes = append(e.Causes, causeLine{causeName(part), part.Actions, part.Amount})
	}
	e.Causes = append(e.Causes, causeLine{Name: "Not explained", Amount: a.Residual})
	e.Sum = causeLine{"Change", len(a.Actions), a.Change}
	for i := range a.Actions {
		e.Actions = append(e.Actions, changedActionOf(f, &a.Actions[i]))
	}
	slices.SortStableFunc(e.Actions, func(a, b changedAction) int {
		return cmp.Or(cmp.Compare(abs(b.Points), abs(a.Points)), cmp.Compare(abs(b.Total), abs(a.Total)))
	})
	e.once()
	e.Reasons = reasonsOf(f, a.Incomparable)
	return e
}

// once names the same records once, with the first action that has them: afterwards there is their number alone.
func (e *entry) once() {
	named := map[string]bool{}
	for i := range e.Actions {
		for j, line := range e.Actions[i].Lines {
			if named[line] {
				e.Actions[i].Lines[j], _, _ = strings.Cut(line, ": ")
			}
			named[line] = true
		}
	}
}

// causeBridge returns the chart of a change, each cause with its detail, in percentage points.
func causeBridge(id string, a *attribution.Attribution) chart.Bridge {
	b := chart.Bridge{
		About: chart.About{ID: id, Title: "From the score before to the score after", Description: "What each cause changed, in percentage points."},
		Unit:  chart.Percent,
		From:  chart.Total{Label: day(a.Old.EvaluatedAt), Value: a.Old.Percent}, To: chart.Total{Label: day(a.New.EvaluatedAt), Value: a.New.Percent},
	}
	for _, part := range a.Causes {
		b.Steps = append(b.Steps, chart.Step{Label: causeName(part), Value: part.Percent})
	}
	return b
}

func changedActionOf(f *frame, c *attribution.Change) changedAction {
	action := changedAction{
		ID: c.ID, Title: c.Title, Word: string(c.Word), Amount: c.Amount(), Before: stateText(c.Before), After: stateText(c.After), Lines: linesOf(c),
	}
	if f.snapshot.Action(c.ID) != nil {
		action.Link = f.Links.Action(c.ID)
	}
	texts := make([]string, len(c.Parts))
	for i, part := range c.Parts {
		if texts[i] = causeName(part); len(c.Parts) > 1 {
			texts[i] += " " + signed(part.Points)
		}
	}
	action.Causes = strings.Join(texts, ", ")
	return action
}

// stateText says what an action was at one of the times.
func stateText(s *attribution.State) string {
	if s == nil {
		return "not there"
	}
	text := outcome(s.Outcome)
	if s.Status != "" && s.Status != engine.ToAddress && s.Status != engine.Completed {
		text += ", " + strings.ToLower(status(s.Status))
	}
	if s.Counts {
		text += ", " + points(s.Achieved) + " of " + points(s.Max)
	}
	if c := s.Coverage; c != nil {
		text += " (" + count(c.Compliant) + " of " + count(c.InScope) + " comply)"
	}
	return text
}

// movedSet is a set of records that moved, with what became of them.
type movedSet struct {
	words string
	*attribution.Set
}

// setsOf returns the sets of records that are known.
func setsOf(m *attribution.Moved) []movedSet {
	return slices.DeleteFunc([]movedSet{
		{"stopped being compliant", m.Regressed},
		{"became compliant", m.Improved},
		{"came", m.Came},
		{"left", m.Left},
		{"fail now", m.Failing},
		{"fail no more", m.Resolved},
	}, func(s movedSet) bool { return s.Set == nil })
}

// linesOf says what moved: records, fields, and who decided.
func linesOf(c *attribution.Change) []string {
	var list []string
	if m := c.Records; m != nil {
		for _, set := range setsOf(m) {
			list = append(list, movedText(set.words, set.Set))
		}
	}
	if c.Fields != nil {
		list = append(list, fieldTexts(c.Fields)...)
	}
	if d := c.Decision; d != nil && c.Word == attribution.Decided {
		list = append(list, decisionText(d))
	}
	return list
}

func movedText(words string, set *attribution.Set) string {
	text := count(set.Total) + " " + words
	var names []string
	for _, record := range set.Shown[:min(maxMoved, len(set.Shown))] {
		names = append(names, clipped(cmp.Or(record.Label, record.Key)))
	}
	if len(names) > 0 {
		text += ": " + strings.Join(names, ", ")
		if more := set.Total - int64(len(names)); more > 0 {
			text += " and " + count(more) + " more"
		}
	}
	return text
}

// fieldTexts says which fields of documents changed.
func fieldTexts(changes *engine.DocumentChanges) []string {
	var list []string
	for _, f := range changes.Shown[:min(maxMoved, len(changes.Shown))] {
		at := f.Dataset
		if f.Record != nil {
			at += " " + clipped(cmp.Or(f.Record.Label, f.Record.Key))
		}
		list = append(list, at+" "+clipped(f.Field)+": "+clipped(cmp.Or(f.Old, "nothing"))+" → "+clipped(cmp.Or(f.New, "nothing")))
	}
	if more := changes.Total - len(list); more > 0 && len(list) > 0 {
		list = append(list, "and "+plural(int64(more), "more field"))
	}
	return list
}

// decisionText says what the register knows of a decision.
func decisionText(d *engine.Decision) string {
	text := "Decision"
	if d.ApprovedBy != "" {
		text += ", approved by " + clipped(d.ApprovedBy)
	}
	if d.Owner != "" {
		text += ", owned by " + clipped(d.Owner)
	}
	if d.Reason != "" {
		text += ": " + d.Reason
	}
	return text
}

// clipped cuts a long text off.
func clipped(text string) string {
	if runes := []rune(text); len(runes) > nameRunes {
		return string(runes[:nameRunes-1]) + "…"
	}
	return text
}

// reasonsOf groups actions that could not be compared by the reason.
func reasonsOf(f *frame, list []attribution.Incomparably) []reason {
	var reasons []reason
	for _, x := range list {
		i := slices.IndexFunc(reasons, func(r reason) bool { return r.Text == x.Reason })
		if i < 0 {
			i = len(reasons)
			reasons = append(reasons, reason{Text: x.Reason})
		}
		action := incomparable{ID: x.ID, Title: x.Title}
		if f.snapshot.Action(x.ID) != nil {
			action.Link = f.Links.Action(x.ID)
		}
		reasons[i].Count++
		reasons[i].Actions = append(reasons[i].Actions, action)
	}
	slices.SortStableFunc(reasons, func(a, b reason) int { return cmp.Compare(len(b.Actions), len(a.Actions)) })
	return reasons
}
