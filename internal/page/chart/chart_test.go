package chart_test

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"errors"
	"flag"
	"html/template"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page/chart"
	"github.com/posture-score/posture/internal/score"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// write returns a chart as a page has it, and checks that it is made of nothing but what charts are made of.
func write(t testing.TB, f *chart.Figure) string {
	t.Helper()
	set := must.Get(chart.Define(template.New("page")))(t)
	var text bytes.Buffer
	must.Do(t, set.ExecuteTemplate(&text, "chart", f))
	for _, problem := range foreign(text.String()) {
		t.Errorf("%s: %s", f.ID, problem)
	}
	return text.String()
}

// foreign returns what is in a text that charts have no business with: elements, attributes, addresses.
func foreign(text string) (problems []string) {
	elements := strings.Fields("figure figcaption span div p ul li bdi svg g rect line text path circle a title table caption thead tbody tr th td details summary time")
	attributes := strings.Fields(`class id role width height overflow x y x1 x2 y1 y2 dx dy cx cy r d viewBox preserveAspectRatio vector-effect text-anchor
		href datetime scope tabindex aria-label aria-labelledby aria-hidden data-chart`)
	// Characters that XML has not, and HTML does not mind.
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ReplaceAll(text, " data-chart>", ` data-chart="">`))
	for decoder := xml.NewDecoder(strings.NewReader(text)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return problems
		}
		if err != nil {
			return append(problems, err.Error())
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !slices.Contains(elements, element.Name.Local) {
			problems = append(problems, "element "+element.Name.Local)
		}
		for _, a := range element.Attr {
			if !slices.Contains(attributes, a.Name.Local) {
				problems = append(problems, "attribute "+a.Name.Local)
			}
			if a.Name.Local == "href" && strings.Contains(strings.ToLower(a.Value), "script:") {
				problems = append(problems, "address "+a.Value)
			}
		}
	}
}

func TestGolden(t *testing.T) {
	tests := map[string]*chart.Figure{
		"line": year().Figure(), "bridge": bridge().Figure(), "bars": bars().Figure(), "columns": monthly().Figure(),
	}
	again := map[string]*chart.Figure{
		"line": year().Figure(), "bridge": bridge().Figure(), "bars": bars().Figure(), "columns": monthly().Figure(),
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			got := write(t, f)
			expect.Equal(t, got, write(t, again[name]))
			path := filepath.Join("testdata", name+".golden")
			if *update {
				must.Do(t, os.WriteFile(path, []byte(got), 0o644))
			}
			expect.Equal(t, string(must.Get(os.ReadFile(path))(t)), got)
		})
	}
}

// TestStyle finds every class of the goldens in the style sheet, or in the list of those that need no style.
func TestStyle(t *testing.T) {
	style := string(must.Get(os.ReadFile("../web/src/chart.css"))(t)) + string(must.Get(os.ReadFile("../web/src/base.css"))(t))
	bare := strings.Fields(`chart-line chart-bridge chart-bars chart-columns chart-y chart-x chart-about chart-row-gain chart-row-loss chart-row-same
		chart-row-bar chart-same`)
	for _, f := range []*chart.Figure{year().Figure(), bridge().Figure(), bars().Figure(), monthly().Figure()} {
		for _, piece := range strings.Split(write(t, f), `class="`)[1:] {
			classes, _, _ := strings.Cut(piece, `"`)
			for class := range strings.FieldsSeq(classes) {
				if !strings.Contains(style, "."+class) && !slices.Contains(bare, class) && !strings.HasPrefix(class, "chart-key-") {
					t.Errorf("the style sheet has no .%s", class)
				}
			}
		}
	}
}

// TestHostile has a name that is a script wherever a name can be.
func TestHostile(t *testing.T) {
	long := hostile + strings.Repeat("x", 500)
	about := chart.About{ID: "c", Title: long, Description: long}
	figures := []*chart.Figure{
		chart.Line{
			About: about, Series: []chart.Series{{Name: long, Class: long, Points: walk(3, 0)}}, Levels: []chart.Level{{long, long, 5}},
			Bands: []chart.Band{{long, long, 0, 1_00}}, Markers: []chart.Marker{{date(1, 2), long, long}, {date(1, 3), long, " JavaScript:alert(1)"}},
		}.Figure(),
		chart.Bridge{
			About: about, From: chart.Total{Label: long}, To: chart.Total{Label: long}, Steps: []chart.Step{{long, "data:text/html,<script>alert(1)</script>", 5}},
		}.Figure(),
		chart.Bars{About: about, Head: long, Sum: long, Value: long, Kinds: []chart.Kind{{long, long}}, Rows: []chart.Bar{{long, "javascript:alert(1)", nil, 1, long}}}.Figure(),
		chart.Columns{About: about, Head: long, Kinds: []chart.Kind{{long, long}}, Rows: []chart.Column{{long, long, []score.Delta{1}}}}.Figure(),
	}
	for _, f := range figures {
		if text := write(t, f); strings.Contains(text, "<script") || strings.Contains(text, "data:text") {
			t.Errorf("%s has a script:\n%s", f.Kind, text)
		}
	}
}

// TestLine has the paths and labels of small charts, which can be computed by hand.
func TestLine(t *testing.T) {
	points := func(values ...score.Points) chart.Series {
		s := chart.Series{Name: "Score", Class: "score"}
		for i, v := range values {
			s.Points = append(s.Points, chart.Point{At: date(3, 1+i), Value: v, Missing: v < 0})
		}
		return s
	}
	tests := map[string]struct {
		line  chart.Line
		paths []string
		rules []string
		empty string
	}{
		"no series":      {empty: "No values in this time."},
		"no points":      {line: chart.Line{Series: []chart.Series{{Name: "Score"}}}, empty: "No values in this time."},
		"all missing":    {line: chart.Line{Series: []chart.Series{points(-1, -1)}}, empty: "No values in this time."},
		"other time":     {line: chart.Line{Series: []chart.Series{points(5)}, From: date(4, 1), To: date(5, 1)}, empty: "No values in this time."},
		"to before from": {line: chart.Line{Series: []chart.Series{points(5)}, From: date(4, 1), To: date(2, 1)}, empty: "No values in this time."},
		"one point":      {line: chart.Line{Series: []chart.Series{points(3_00)}}, paths: []string{"M500 200h0"}, rules: []string{"2", "2.5", "3", "3.5", "4"}},
		"equal values": {
			line: chart.Line{Unit: chart.Percent, Series: []chart.Series{points(100_00, 100_00, 100_00)}}, paths: []string{"M0 0h1000"},
			rules: []string{"98%", "98.5%", "99%", "99.5%", "100%"},
		},
		"on a line": {line: chart.Line{Series: []chart.Series{points(0, 1_00, 2_00)}}, paths: []string{"M0 400l1000-400"}, rules: []string{"0", "0.5", "1", "1.5", "2"}},
		"there and back": {
			line: chart.Line{Series: []chart.Series{points(0, 4_00, 0, 4_00, 4_00)}}, paths: []string{"M0 400l250-400 250 400 250-400h250"},
			rules: []string{"0", "1", "2", "3", "4"},
		},
		"a gap":    {line: chart.Line{Series: []chart.Series{points(0, 2_00, -1, 2_00, 0)}}, paths: []string{"M0 400l250-400M750 0l250 400"}, rules: []string{"0", "0.5", "1", "1.5", "2"}},
		"dots":     {line: chart.Line{Series: []chart.Series{points(0, -1, 2_00)}}, paths: []string{"M0 400h0M1000 0h0"}, rules: []string{"0", "0.5", "1", "1.5", "2"}},
		"any size": {line: chart.Line{Series: []chart.Series{points(1<<62, 0)}}, paths: []string{"M0 0l1000 400"}, rules: []string{"0", "200,000,000,000", "400,000,000,000", "600,000,000,000", "800,000,000,000", "1,000,000,000,000"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f := test.line.Figure()
			text := write(t, f)
			expect.Equal(t, test.empty, f.Empty)
			if f.Plot == nil {
				return
			}
			var paths, rules []string
			for _, p := range f.Plot.Paths {
				paths = append(paths, p.D)
			}
			for _, r := range f.Plot.Rules {
				rules = append(rules, r.Label)
			}
			expect.Equal(t, test.paths, paths)
			expect.Equal(t, test.rules, rules)
			if !strings.Contains(text, `<svg role="img" aria-labelledby="-t"`) || !strings.Contains(text, "<details") {
				t.Errorf("it has no name, or no table:\n%s", text)
			}
		})
	}
}

// TestTicks has the marks of time axes of all lengths.
func TestTicks(t *testing.T) {
	tests := []struct {
		from, to string
		want     string // those that are left out where there is little room in parentheses
	}{
		{"2026-03-01T09:10:00Z", "2026-03-01T14:30:00Z", "1 Mar 10:00 (11:00) 12:00 (13:00) 14:00"},
		{"2026-03-01T09:00:00Z", "2026-03-03T09:00:00Z", "1 Mar 12:00 (18:00) 2 Mar 00:00 (06:00) 12:00 (18:00) 3 Mar 00:00 (06:00)"},
		{"2026-03-01T09:00:00Z", "2026-03-07T09:00:00Z", "2 Mar (3 Mar) 4 Mar (5 Mar) 6 Mar (7 Mar)"},
		{"2026-03-01T09:00:00Z", "2026-03-31T09:00:00Z", "2 Mar (9 Mar) 16 Mar (23 Mar) 30 Mar"},
		{"2026-03-01T09:00:00Z", "2026-05-30T09:00:00Z", "(2 Mar) 16 Mar (30 Mar) 13 Apr (27 Apr) 11 May (25 May)"},
		{"2025-11-20T09:00:00Z", "2026-05-20T09:00:00Z", "(Dec 2025) Jan 2026 (Feb) Mar (Apr) May"},
		{"2025-11-20T09:00:00Z", "2026-11-20T09:00:00Z", "Jan 2026 (Mar) May (Jul) Sep (Nov)"},
		{"2016-11-20T09:00:00Z", "2026-11-20T09:00:00Z", "(2018) 2020 (2022) 2024 (2026)"},
		{"0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "2000 4000 6000 8000"},
	}
	for _, test := range tests {
		from, to := must.Get(time.Parse(time.RFC3339, test.from))(t), must.Get(time.Parse(time.RFC3339, test.to))(t)
		f := chart.Line{From: from, To: to, Series: []chart.Series{{Points: []chart.Point{{At: from}, {At: to}}}}}.Figure()
		var labels []string
		for _, tick := range f.Plot.Ticks {
			label := tick.Label
			if tick.Minor {
				label = "(" + label + ")"
			}
			labels = append(labels, label)
		}
		expect.Equalf(t, test.want, strings.Join(labels, " "), "%s to %s", test.from, test.to)
	}
}

// TestMarkers keeps links to events apart from each other, and names all events.
func TestMarkers(t *testing.T) {
	line := chart.Line{About: chart.About{ID: "c"}, Series: []chart.Series{{Points: walk(365, 50_00)}}}
	for _, at := range []time.Time{date(1, 1), date(5, 10), date(5, 1), date(5, 20), date(12, 31), date(12, 31).AddDate(1, 0, 0)} {
		line.Markers = append(line.Markers, chart.Marker{At: at, Text: "Catalog", Link: "#entry"})
	}
	f := line.Figure()
	var lane []string
	for _, m := range f.Plot.Lane {
		lane = append(lane, m.X+" "+m.Text+" "+m.Link)
	}
	expect.Equal(t, []string{"0% 2026-01-01: Catalog #entry", "33% 3 events from 2026-05-01 to 2026-05-20 #c-data", "100% 2026-12-31: Catalog #entry"}, lane)
	expect.Equal(t, 5, len(f.Events))
	for i := range 5000 {
		line.Markers = append(line.Markers, chart.Marker{At: date(1, 1).Add(time.Duration(i) * time.Hour)})
	}
	f = line.Figure()
	expect.Equal(t, 200, len(f.Events))
	expect.Equal(t, 4805, f.More)
	if n := len(f.Plot.Lane); n > 12 {
		t.Errorf("%d links can't be told apart", n)
	}
	write(t, f)
}

// TestTable has the rows of tables of many points.
func TestTable(t *testing.T) {
	tests := []struct {
		points, rows int
		note, first  string
	}{
		{3, 3, "", "2026-01-01"},
		{60, 60, "", "2026-01-01"},
		{365, 53, "One row for each week: its last values.", "2026-01-04"},
		{1500, 50, "One row for each month: its last values.", "2026-01-31"},
		{5000, 14, "One row for each year: its last values.", "2026-12-31"},
	}
	for _, test := range tests {
		f := chart.Line{Series: []chart.Series{{Name: "Score", Points: walk(test.points, 50_00)}}}.Figure()
		expect.Equal(t, test.note, f.Table.Note)
		expect.Equalf(t, test.rows, len(f.Table.Rows), "%d points", test.points)
		expect.Equal(t, test.first, f.Table.Rows[0][0])
	}
	hours := []chart.Point{{At: date(1, 1), Value: 50_00}, {At: date(1, 1).Add(time.Hour), Missing: true}, {At: date(1, 2), Value: -50}}
	f := chart.Line{Series: []chart.Series{{Name: "Score", Points: hours}, {Name: "Mean", Points: hours[1:2]}}}.Figure()
	expect.Equal(t, chart.Table{Head: []string{"Date", "Score", "Mean"}, Rows: [][]string{
		{"2026-01-01 06:00", "50", ""}, {"2026-01-01 07:00", "", ""}, {"2026-01-02 06:00", "−0.5", ""},
	}}, f.Table)
}

// TestBridge adds up, whatever the steps are.
func TestBridge(t *testing.T) {
	f := bridge().Figure()
	expect.Equal(t, [][]string{
		{"Score on 2026-03-01", "", "49.12%"},
		{"Configuration", "+3.40%", "52.52%"},
		{"Population: users", "−0.85%", "51.67%"},
		{"Catalog: added", "−0.70%", "50.97%"},
		{"Status: " + hostile, "±0", "50.97%"},
		{"Evidence: regained", "+0.30%", "51.27%"},
		{"Not explained", "+0.03%", "51.30%"},
		{"Score on 2026-03-02", "+2.18%", "51.30%"},
	}, f.Table.Rows)
	f = chart.Bridge{From: chart.Total{Label: "Old"}, To: chart.Total{Label: "New"}}.Figure()
	expect.Equal(t, [][]string{{"Old", "", "0"}, {"Not explained", "±0", "0"}, {"New", "±0", "0"}}, f.Table.Rows)
	steps := make([]chart.Step, 50)
	for i := range steps {
		steps[i].Value = -1_00
	}
	f = chart.Bridge{From: chart.Total{Value: 60_00}, To: chart.Total{Value: 10_00}, Steps: steps}.Figure()
	expect.Equal(t, 43, len(f.Rows))
	expect.Equal(t, []string{"Other causes", "−11", "10"}, f.Table.Rows[40])
	expect.Equal(t, []string{"Not explained", "±0", "10"}, f.Table.Rows[41])
}

// TestSize bounds what a chart costs.
func TestSize(t *testing.T) {
	one := chart.Line{About: chart.About{ID: "c", Title: "Secure score"}, Series: []chart.Series{{Name: "Score", Class: "score", Points: walk(365, 52_00)}}}
	many := one
	many.Series = nil
	for i := range 5 {
		many.Series = append(many.Series, chart.Series{Name: "Series", Class: "score", Points: walk(5000, score.Points(50_00+i))})
	}
	columns := monthly()
	columns.Rows = slices.Repeat(columns.Rows, 500)
	for _, test := range []struct {
		name         string
		figure       *chart.Figure
		plot, zipped int // bytes of the chart without its table, and of both
	}{
		{"a year", one.Figure(), 5_000, 2_600},
		{"a year of five series", year().Figure(), 12_000, 8_000},
		{"five series of 5,000 points", many.Figure(), 40_000, 15_000},
		{"6,000 columns", columns.Figure(), 70_000, 15_000},
	} {
		text := write(t, test.figure)
		plot, _, _ := strings.Cut(text, "<details")
		t.Logf("%s: %d bytes, %d gzip; without the table %d, %d gzip", test.name, len(text), zipped(t, text), len(plot), zipped(t, plot))
		if len(plot) > test.plot || zipped(t, text) > test.zipped {
			t.Errorf("%s: %d bytes without the table, %d gzip with it", test.name, len(plot), zipped(t, text))
		}
	}
}

func zipped(t *testing.T, text string) int {
	t.Helper()
	var b bytes.Buffer
	w := must.Get(gzip.NewWriterLevel(&b, gzip.BestCompression))(t)
	must.Get(io.WriteString(w, text))(t)
	must.Do(t, w.Close())
	return b.Len()
}

// FuzzLine draws any points, names and links.
func FuzzLine(f *testing.F) {
	f.Add(hostile, "javascript:alert(1)", []byte{1, 2, 3, 4, 5, 6, 7, 8}, int64(1), int64(0), int64(0))
	f.Add("", "", []byte{0, 0, 255, 255}, int64(1)<<40, int64(-1)<<62, int64(1)<<62)
	set := must.Get(chart.Define(template.New("page")))(f)
	f.Fuzz(func(t *testing.T, name, link string, data []byte, scale, from, to int64) {
		points := make([]chart.Point, 0, len(data)/2)
		var steps []score.Delta
		for i := 0; i+1 < len(data); i += 2 {
			at, value := int64(data[i])*scale, (int64(data[i+1])-128)*scale
			points = append(points, chart.Point{At: time.Unix(at, 0), Value: score.Points(value), Missing: data[i+1]%7 == 0})
			steps = append(steps, score.Delta(value))
		}
		about := chart.About{ID: "c", Title: name, Description: name}
		line := chart.Line{
			About: about, Series: []chart.Series{{Name: name, Class: "score", Points: points}, {Name: name, Class: name, Points: points}},
			Bands: []chart.Band{{name, name, score.Points(from), score.Points(to)}}, Levels: []chart.Level{{name, name, score.Points(to)}},
		}
		if from != to {
			line.From, line.To = time.Unix(from, 0), time.Unix(to, 0)
		}
		bridge := chart.Bridge{About: about, From: chart.Total{name, score.Points(from)}, To: chart.Total{name, score.Points(to)}}
		columns := chart.Columns{About: about, Kinds: []chart.Kind{{name, name}, {"b", "b"}}}
		bars := chart.Bars{About: about, Kinds: columns.Kinds}
		for i, p := range points {
			line.Markers = append(line.Markers, chart.Marker{p.At, name, link})
			bridge.Steps = append(bridge.Steps, chart.Step{name, link, steps[i]})
			columns.Rows = append(columns.Rows, chart.Column{name, name, steps[i:min(i+2, len(steps))]})
			bars.Rows = append(bars.Rows, chart.Bar{name, link, []score.Points{p.Value, score.Points(steps[0])}, p.Value, name})
		}
		for _, figure := range []*chart.Figure{line.Figure(), bridge.Figure(), columns.Figure(), bars.Figure()} {
			var text bytes.Buffer
			must.Do(t, set.ExecuteTemplate(&text, "chart", figure))
			if problems := foreign(text.String()); problems != nil {
				t.Fatalf("%s: %q\n%s", figure.Kind, problems, text.String())
			}
		}
	})
}
