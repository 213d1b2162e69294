package page_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/internal/trend"
)

// evil is a title that a tenant or a catalog may have.
const evil = `<script>alert(1)</script>"onload=x` + "\u202e"

// amount is a change of points alone, of a total of 100.
func amount(points score.Delta) attribution.Amount {
	return attribution.Amount{Points: points, Percent: points}
}

// changeOf returns what one action changed.
func changeOf(id, category string, parts ...attribution.Part) attribution.Change {
	return attribution.Change{
		ID: id, Title: "Title of " + id, Category: category, Word: attribution.Regressed, Parts: parts,
		Before: &attribution.State{Outcome: engine.Complete, Status: engine.Completed, Achieved: 5_00, Max: 5_00, Counts: true},
		After: &attribution.State{
			Outcome: engine.Partial, Status: engine.Planned, Achieved: 3_00, Max: 5_00, Counts: true, Coverage: &engine.Coverage{InScope: 1200, Compliant: 720},
		},
	}
}

// withPast returns a snapshot with an entry each day, of which a function says what changed. Its scores follow from the changes.
func withPast(days int, changed func(day int) []attribution.Change) *snapshot.Snapshot {
	first := time.Date(2026, 1, 1, 6, 0, 0, 0, time.UTC)
	s := &snapshot.Snapshot{
		Version: "00", Now: first.AddDate(0, 0, days), Tenant: engine.Tenant{ID: "t"}, Tenants: 1, Settings: &settings.Settings{},
		Assessment: &engine.Assessment{Actions: []engine.Action{{ID: "a"}, {ID: "b"}}}, Past: &snapshot.Past{},
	}
	achieved := score.Points(50_00)
	var moments []trend.Moment
	for day := range days {
		at := first.AddDate(0, 0, day)
		var a *attribution.Attribution
		moment := trend.Moment{At: at, Accepted: trend.Accepted{Actions: 1, Points: 2_00}}
		if day > 0 {
			a = attributionOf(achieved, at, changed(day))
			achieved = a.New.Achieved
			moment.Parts = trend.Parts(a)
		}
		moment.Score = engine.Score{Achieved: achieved, Total: 100_00, Percent: achieved}
		moments = append(moments, moment)
		e := history.Entry{ID: int64(day + 1), EvaluatedAt: at, Score: moment.Score}
		s.Past.Entries = append(s.Past.Entries, e)
		if day > 0 {
			s.Past.Changes = append(s.Past.Changes, history.Change{Before: e.ID - 1, After: e, Attribution: a})
		}
	}
	s.Past.Trend = trend.New(s.Tenant, moments, trend.Options{})
	for i, name := range []string{"apps", "device", "identity", "other"} {
		c := snapshot.Category{Name: name, Shares: make([]snapshot.Share, days)}
		for day := range c.Shares {
			c.Shares[day] = snapshot.Share{Achieved: score.Points(day%10+i) * 100, Total: 20_00}
		}
		c.Shares[0] = snapshot.Share{}
		s.Past.Categories = append(s.Past.Categories, c)
	}
	return s
}

// attributionOf sums up what actions changed.
func attributionOf(before score.Points, at time.Time, actions []attribution.Change) *attribution.Attribution {
	a := &attribution.Attribution{Actions: actions}
	for _, c := range actions {
		for _, part := range c.Parts {
			part.Actions = 1
			a.Causes = append(a.Causes, part)
			a.Change.Points += part.Points
			a.Change.Percent += part.Percent
		}
	}
	after := before + score.Points(a.Change.Points)
	a.Old = attribution.Side{EvaluatedAt: at.AddDate(0, 0, -1), Achieved: before, Total: 100_00, Percent: before, Version: "1"}
	a.New = attribution.Side{EvaluatedAt: at, Achieved: after, Total: 100_00, Percent: after, Version: "1"}
	return a
}

// pages renders pages of the server.
type pages struct{ *page.Renderer }

// main returns the <main> of a page.
func (r pages) main(t *testing.T, s *snapshot.Snapshot, tab, id string, query ...string) string {
	t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(query); i += 2 {
		values.Set(query[i], query[i+1])
	}
	var text bytes.Buffer
	must.Do(t, r.Render(&text, s, page.Request{Tab: tab, ID: id, Query: values}))
	_, main, _ := strings.Cut(text.String(), "<main")
	return strings.ReplaceAll(main, "&#43;", "+")
}

// want reports what a text lacks.
func want(t *testing.T, text string, pieces ...string) {
	t.Helper()
	for _, piece := range pieces {
		if !strings.Contains(text, piece) {
			t.Errorf("there is no %s", piece)
		}
	}
}

// sampleChanges has one thing that happened on each of some days.
func sampleChanges(day int) []attribution.Change {
	switch day {
	case 1:
		return []attribution.Change{
			changeOf("a", "identity", attribution.Part{Cause: attribution.Population, Detail: "users", Amount: amount(-2_00)}),
			changeOf("gone", "apps", attribution.Part{Cause: attribution.Configuration, Amount: amount(50)}),
		}
	case 100:
		c := changeOf("b", "device", attribution.Part{Cause: attribution.Status, Detail: "set", Amount: amount(1_25)})
		c.Title, c.Word = evil, attribution.Decided
		c.Decision = &engine.Decision{Reason: evil, Owner: "Ann"}
		c.Records = &attribution.Moved{Regressed: &attribution.Set{Total: 1204, Shown: []engine.Record{{Key: "1", Label: evil}, {Key: "2", Label: "Bob"}, {Key: "3"}, {Key: "4"}}}}
		again := changeOf("a", "identity", attribution.Part{Cause: attribution.Status, Detail: "set"})
		again.Records = c.Records
		return []attribution.Change{c, again}
	}
	return nil
}

// TestHistory lists what changed, newest first, with the classes by which style chooses.
func TestHistory(t *testing.T) {
	r := pages{must.Get(page.New())(t)}
	s := withPast(120, sampleChanges)
	s.Past.Changes[49].Attribution = nil
	s.Past.Changes[59].Attribution.New.Version = "2"
	text := r.main(t, s, "history", "", "history-range", "90d", "history-category", "device")
	want(
		t, text, `value="90d" checked`, `value="device" checked`, `<tbody class="span in-30d in-90d in-all of-device of-identity"><tr><th scope="row"><a href="/tenants/t/history/101">`,
		`<tbody class="span in-all of-apps of-identity"><tr><th scope="row"><a href="/tenants/t/history/2"><time datetime="2026-01-02">`,
		`<td class="num bad">−1.5</td><td class="num wide">−1.5</td><td>Users, Settings and verdicts</td><td class="wide"><bdi>Title of a</bdi> <span class="muted">and 1 more action</span></td>`,
		`<td>not known</td>`, `<td>Catalog 2</td>`, "114 assessments without a change", `<title>2026-03-02: Catalog 2</title>`, `href="/tenants/t/history/61"`,
		"The first assessment is of <time", `<div class="span in-90d of-all">`, `<div class="span in-all of-device"><figure class="chart chart-line" id="history-device-all"`,
	)
	if strings.Contains(text, `value="data"`) || strings.Contains(text, "history-other") {
		t.Error("a category that nothing is known of, or that is none")
	}
	if strings.Index(text, "history/101") > strings.Index(text, `<a href="/tenants/t/history/2">`) {
		t.Error("the newest is not first")
	}
	if strings.Contains(text, "<script>") || strings.Contains(text, `value="all" checked`) {
		t.Errorf("a script, or two choices:\n%s", text)
	}
	expect.Equal(t, 1, strings.Count(r.main(t, withPast(1, nil), "history", ""), "Nothing changed."))
	empty := withPast(1, nil)
	empty.Past = &snapshot.Past{}
	want(t, r.main(t, empty, "history", ""), "no assessments of this tenant")
	want(t, r.main(t, empty, "trends", ""), "no assessments of this tenant")
}

// TestHistoryPages leads to older changes where there are too many.
func TestHistoryPages(t *testing.T) {
	r := pages{must.Get(page.New())(t)}
	s := withPast(1000, func(day int) []attribution.Change {
		return []attribution.Change{changeOf("a", "identity", attribution.Part{Cause: attribution.Time, Amount: amount(score.Delta(day%3-1) * 10)})}
	})
	text := r.main(t, s, "history", "")
	want(t, text, `<a href="/tenants/t/history?before=601">Older changes</a>`)
	expect.Equal(t, 400, strings.Count(text, "<tbody class=\"span"))
	text = r.main(t, s, "history", "", "before", "202")
	expect.Equal(t, 200, strings.Count(text, "<tbody class=\"span"))
	if strings.Contains(text, "Older changes") {
		t.Error("there is nothing older")
	}
	expect.Equal(t, 400, strings.Count(r.main(t, s, "history", "", "before", "x"), "<tbody class=\"span"))
}

// TestEntry shows why a score changed, always with what is not explained.
func TestEntry(t *testing.T) {
	r := pages{must.Get(page.New())(t)}
	s := withPast(120, sampleChanges)
	s.Past.Changes[0].Attribution.Residual = amount(-7)
	s.Past.Changes[0].Attribution.New.Percent = 48_43
	s.Past.Changes[0].Attribution.Incomparable = []attribution.Incomparably{{ID: "a", Title: "A", Reason: evil}, {ID: "x", Title: "X", Reason: evil}}
	text := r.main(t, s, "history", "2")
	want(
		t, text, "<h1>Change of <time", `<a href="/tenants/t/history/1" rel="prev">`, `<a href="/tenants/t/history/3" rel="next">`,
		`aria-label="−2.00%: from 50.00% to 48.00%"`, `<bdi>Not explained</bdi></th><td><svg role="img" aria-label="−0.07%: from 48.50% to 48.43%"`,
		`<th scope="row">Not explained</th><td class="num">−0.07</td>`,
		`<a href="/tenants/t/actions/a" data-flyout><bdi>Title of a</bdi></a><br><span class="muted">Complete, 5 of 5 → Partial, planned, 3 of 5 (720 of 1,200 comply)</span>`,
		`<bdi>Title of gone</bdi>`, "Not compared: 2 actions",
	)
	text = r.main(t, s, "history", "101")
	want(t, text, "1,204 stopped being compliant: &lt;script&gt;", "1,204 stopped being compliant</bdi>", ", Bob, 3 and 1,201 more", "Decision, owned by Ann: &lt;script&gt;", `<th scope="row">Not explained</th><td class="num">±0</td>`)
	if strings.Contains(text, "<script>") {
		t.Errorf("a script:\n%s", text)
	}
	want(t, r.main(t, s, "history", "50"), "No action changed.")
	want(t, r.main(t, s, "history", "1"), "<h1>Score of", "no assessment before it")
	s.Past.Entries[9].Pruned = true
	s.Past.Changes = s.Past.Changes[20:]
	want(t, r.main(t, s, "history", "10"), "Retention dropped this assessment")
	s.Past.Changes[0].Attribution = nil
	want(t, r.main(t, s, "history", "22"), "Nothing can be said")
	for _, id := range []string{"0", "121", "-1", "x", "1e1", "9999999999999999999999"} {
		err := r.Render(io.Discard, s, page.Request{Tab: "history", ID: id})
		if !errors.Is(err, page.ErrNotFound) {
			t.Errorf("entry %q: %v", id, err)
		}
	}
}

// TestTrends has every metric, and says where there is none.
func TestTrends(t *testing.T) {
	r := pages{must.Get(page.New())(t)}
	s := withPast(120, sampleChanges)
	text := r.main(t, s, "trends", "")
	want(t, text, "No zones are set", "nobody to compare with", "No goal is set", `<span class="num">2</span> points in <span class="num">1</span> action`,
		"−0.25 points by week: 1.75 achieved, 2 regressed.", "<td class=\"num\">−2</td>")
	points := s.Past.Trend.Points
	mean := score.Points(47_00)
	points[len(points)-1].Zone, points[len(points)-1].Mean = settings.Okay, &mean
	s.Past.Trend.Zones = &settings.Zones{Good: 80_00, Okay: 40_00}
	s.Past.Trend.Comparison = &trend.Comparison{Benchmark: "B", Cohort: evil, Date: "2026-04-01", Mean: mean, Gap: 2_75}
	pace, needed := score.Delta(50), score.Delta(-10)
	s.Past.Trend.Goal = &trend.Goal{Percent: 60_00, By: "2026-12-31", State: trend.OnPace, On: "2027-01-10", Late: 10, Pace: &pace, Needed: &needed}
	text = r.main(t, s, "trends", "", "trends-range", "30d")
	want(t, text, `value="30d" checked`, `<span class="chip is-warn">Okay</span>`, `Good from <span class="num">80.00%</span>, okay from <span class="num">40.00%</span>`,
		"+2.75</span> percentage points", "At this pace on 2027-01-10, 10 days late", "Pace: <span class=\"num\">+0.5</span>", "needed: <span class=\"num\">−0.1</span>", "<bdi>At this pace</bdi>",
		`<rect class="chart-band chart-okay"`)
	if strings.Contains(text, "<script>") {
		t.Errorf("a script:\n%s", text)
	}
	for state, text := range map[trend.State]string{trend.Reached: `<p class="good">Reached on 2027-01-10.`, trend.Never: `<p class="bad">Not at this pace.`, trend.Unknown: `<p class="muted">Pace unknown.`} {
		s.Past.Trend.Goal.State = state
		want(t, r.main(t, s, "trends", ""), text)
	}
}

// TestPastFile holds that in the single file every link to an entry leads somewhere, that ids are unique, and that a year is small.
func TestPastFile(t *testing.T) {
	s := withPast(365, func(day int) []attribution.Change {
		var list []attribution.Change
		for i := range day % 7 {
			c := changeOf(fmt.Sprint("control-", i, day%11), "identity", attribution.Part{Cause: attribution.Population, Detail: "users", Amount: amount(score.Delta(day%5-2) * 3)})
			c.Records = &attribution.Moved{Came: &attribution.Set{Total: 3, Shown: []engine.Record{{Key: "1", Label: fmt.Sprint("User ", day)}, {Key: "2", Label: fmt.Sprint("User ", day+1)}}}}
			list = append(list, c)
		}
		return list
	})
	s.Past.Changes[100].Attribution.New.Version = "2"
	var file bytes.Buffer
	must.Do(t, must.Get(page.New())(t).File(&file, s))
	ids := map[string]bool{}
	for _, found := range regexp.MustCompile(` id="([^"]*)"`).FindAllStringSubmatch(file.String(), -1) {
		if ids[found[1]] {
			t.Errorf("two elements have the id %s", found[1])
		}
		ids[found[1]] = true
	}
	links := 0
	for _, found := range regexp.MustCompile(` href="#((entry|history|trends)[^"]*)"`).FindAllStringSubmatch(file.String(), -1) {
		if links++; !ids[found[1]] {
			t.Errorf("nothing has the id %s", found[1])
		}
	}
	if links == 0 || !ids["entry-365"] || !ids["entry-2"] {
		t.Errorf("%d links; newest %v, oldest %v", links, ids["entry-365"], ids["entry-2"])
	}
	_, text, _ := strings.Cut(file.String(), `data-section="history"`)
	text, _, _ = strings.Cut(text, `data-section="owners"`)
	var zipped bytes.Buffer
	w := must.Get(gzip.NewWriterLevel(&zipped, gzip.BestCompression))(t)
	must.Get(io.WriteString(w, text))(t)
	must.Do(t, w.Close())
	t.Logf("%d bytes, %d gzip", len(text), zipped.Len())
	if zipped.Len() > 50_000 {
		t.Errorf("history and trends of a year are %d bytes gzip", zipped.Len())
	}
}
