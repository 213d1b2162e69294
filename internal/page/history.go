package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

const (
	maxEntries = 400 // that a page lists; older ones have a page of their own
	maxBodies  = 100 // entries of which the single file has everything
	maxCauses  = 3   // that a line of the list names
)

// past is the model of the tab History.
type past struct {
	*frame
	Spans      []span
	Categories []choice
	Graphs     []graph
	Entries    []entryLine // newest first
	First      *history.Entry
	Same       int64  // entries with which nothing changed; they are not listed
	Gone       int64  // entries whose assessments retention dropped
	Older      string // link to the entries before those that are listed; empty if there are none, or none can be reached
	Left       int64  // entries that are not listed, nor reached

	Unrecorded *score.Points // the score that is shown, if it is not in the history
}

// graph is a chart of one range of time.
type graph struct {
	Class  string
	Figure *chart.Figure
}

// entryLine is an entry in the list.
type entryLine struct {
	ID      int64
	At      time.Time
	Link    string // empty if nothing more is known here
	Class   string // of the ranges and categories that it is in
	Percent score.Points
	Change  attribution.Amount
	Known   bool // it could be compared with the one before
	Causes  string
	Most    string // title of the action that moved most
	More    int64  // other actions that changed
	Body    *entry // in the single file
}

// historyOf returns the model of the tab, or of one entry.
func historyOf(f *frame) (any, error) {
	p := f.snapshot.Past
	if f.Request.ID != "" {
		return entryOf(f, f.Request.ID)
	}
	h := &past{frame: f, Categories: categoriesOf(p.Categories, f.Request.Query.Get("history-category"))}
	if len(p.Entries) == 0 {
		return h, nil
	}
	first, last := p.Entries[0], p.Entries[len(p.Entries)-1]
	h.First = &first
	h.Spans = spansOf(first.EvaluatedAt, last.EvaluatedAt, f.Request.Query.Get("history-range"))
	for _, e := range p.Entries {
		if e.Pruned {
			h.Gone++
		}
	}
	if _, ok := entryWith(f.snapshot); !ok && f.snapshot.Since != nil {
		h.Unrecorded = &f.snapshot.Assessment.Score.Percent
	}
	h.list(p.Changes)
	for _, s := range h.Spans {
		h.Graphs = append(h.Graphs, graph{s.Class() + " of-all", h.graph(s)})
		for _, c := range h.Categories[1:] {
			if figure := h.part(s, c); figure != nil {
				h.Graphs = append(h.Graphs, graph{s.Class() + " of-" + c.Key, figure})
			}
		}
	}
	return h, nil
}

// categoriesOf returns the choices of categories: all, and those that are known over time.
func categoriesOf(known []snapshot.Category, asked string) []choice {
	list := []choice{{Label: "All categories", Key: "all"}}
	for _, name := range catalog.Categories() {
		if slices.ContainsFunc(known, func(c snapshot.Category) bool { return c.Name == name }) {
			list = append(list, choice{capital(name), name, name == asked})
		}
	}
	list[0].Checked = !slices.ContainsFunc(list, func(c choice) bool { return c.Checked })
	return list
}

// part returns the score of one category in a range.
func (h *past) part(s span, c choice) *chart.Figure {
	p := h.snapshot.Past
	at := slices.IndexFunc(p.Categories, func(known snapshot.Category) bool { return known.Name == c.Key })
	if at < 0 {
		return nil
	}
	series := chart.Series{Name: c.Label, Class: "score"}
	for i, share := range p.Categories[at].Shares {
		series.Points = append(series.Points, chart.Point{At: p.Entries[i].EvaluatedAt, Value: score.Percent(share.Achieved, share.Total), Missing: share.Total == 0})
	}
	return chart.Line{
		About: chart.About{ID: "history-" + c.Key + "-" + s.Key, Title: c.Label + " over time", Hidden: true, Description: c.Label + " from " + day(s.From) + " to " + day(s.To) + "."},
		Unit:  chart.Percent, From: s.From, To: s.To, Rows: 14, Series: []chart.Series{series},
	}.Figure()
}

// graph returns the score in a range, with what else happened: another catalog or version of the program.
func (h *past) graph(s span) *chart.Figure {
	line := chart.Line{
		About: chart.About{ID: "history-" + s.Key, Title: "Score over time", Hidden: true, Description: "From " + day(s.From) + " to " + day(s.To) + ", with new catalogs and versions."},
		Unit:  chart.Percent, From: s.From, To: s.To, Rows: 30,
		Series: []chart.Series{{Name: "Score", Class: "score"}},
	}
	for _, e := range h.snapshot.Past.Entries {
		line.Series[0].Points = append(line.Series[0].Points, chart.Point{At: e.EvaluatedAt, Value: e.Score.Percent})
	}
	for _, c := range h.snapshot.Past.Changes {
		for _, text := range renewed(c.Attribution) {
			m := chart.Marker{At: c.After.EvaluatedAt, Text: text}
			if !h.File || slices.ContainsFunc(h.Entries, func(e entryLine) bool { return e.ID == c.After.ID }) {
				m.Link = h.Links.Entry(c.After.ID)
			}
			line.Markers = append(line.Markers, m)
		}
	}
	return line.Figure()
}

// renewed says what an entry was assessed with that the one before was not.
func renewed(a *attribution.Attribution) []string {
	var list []string
	switch {
	case a == nil:
		return nil
	case a.Old.Version != a.New.Version:
		list = append(list, "Catalog "+a.New.Version)
	case a.Old.Catalog != a.New.Catalog:
		list = append(list, "Catalog changed")
	}
	if a.Old.Engine != a.New.Engine {
		list = append(list, "Version "+a.New.Engine)
	}
	return list
}

// list adds the entries with which something changed, newest first, and the last one whatever changed.
func (h *past) list(changes []history.Change) {
	before := h.before()
	for i, c := range slices.Backward(changes) {
		switch {
		case before > 0 && c.After.ID >= before:
		case i < len(changes)-1 && unchanged(c.Attribution):
			h.Same++
		case len(h.Entries) == maxEntries:
			if h.File {
				h.Left++
				continue
			}
			h.Older = h.Links.Tab("history") + "?before=" + strconv.FormatInt(h.Entries[maxEntries-1].ID, 10)
			return
		default:
			h.Entries = append(h.Entries, h.line(c))
		}
	}
}

// unchanged reports whether nothing changed.
func unchanged(a *attribution.Attribution) bool {
	return a != nil && len(a.Actions) == 0 && a.Change.Zero() && renewed(a) == nil
}

// before returns the entry that the address says to list those before of, or 0.
func (h *past) before() int64 {
	n, err := strconv.ParseInt(h.Request.Query.Get("before"), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// line returns an entry as the list has it.
func (h *past) line(c history.Change) entryLine {
	e := entryLine{
		ID: c.After.ID, At: c.After.EvaluatedAt, Percent: c.After.Score.Percent, Class: classesOf(h.Spans, c.After.EvaluatedAt), Link: h.Links.Entry(c.After.ID),
	}
	a := c.Attribution
	if a == nil {
		e.Link = ""
		return e
	}
	e.Known, e.Change, e.More = true, a.Change, int64(max(0, len(a.Actions)-1))
	e.Causes = strings.Join(causesOf(a), ", ")
	most := score.Delta(-1)
	var categories []string
	for i := range a.Actions {
		action := &a.Actions[i]
		categories = append(categories, action.Category)
		if size := abs(action.Amount().Points); size > most {
			most, e.Most = size, action.Title
		}
	}
	slices.Sort(categories)
	for _, category := range slices.Compact(categories) {
		if slices.Contains(catalog.Categories(), category) {
			e.Class += " of-" + category
		}
	}
	if !h.File {
		return e
	}
	if e.Link = ""; len(h.Entries) < maxBodies {
		e.Body = newEntry(h.frame, c)
	}
	return e
}

// causesOf names the causes of a change, the largest first, and how many more there are; of no change, what else is new.
func causesOf(a *attribution.Attribution) []string {
	causes := slices.Clone(a.Causes)
	slices.SortStableFunc(causes, func(a, b attribution.Part) int { return cmp.Compare(abs(b.Points), abs(a.Points)) })
	var list []string
	for _, part := range causes[:min(len(causes), maxCauses)] {
		list = append(list, causeName(part))
	}
	if more := len(causes) - maxCauses; more > 0 {
		list = append(list, strconv.Itoa(more)+" more")
	}
	if !a.Residual.Zero() {
		list = append(list, "not explained")
	}
	if len(list) == 0 {
		return renewed(a)
	}
	return list
}

// causeName returns what a cause is called, with its detail.
func causeName(part attribution.Part) string {
	switch {
	case part.Cause == attribution.Population && part.Detail != "":
		return capital(part.Detail)
	case part.Detail != "":
		return causeTitle(part.Cause) + ": " + part.Detail
	}
	return causeTitle(part.Cause)
}
