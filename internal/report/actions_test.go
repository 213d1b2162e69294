package report

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

// house is an assessment with all sorts of decisions, and with text that wants to be more than text.
func house(t *testing.T) *engine.Assessment {
	t.Helper()
	return assessment(t, "house")
}

func listed(a *engine.Assessment, sort, groupBy string, columns ...string) Actions {
	list, _ := (&actions.Query{}).Find(a)
	actions.Sort(list, sort)
	return Actions{Assessment: a, Actions: list, GroupBy: groupBy, Columns: columns}
}

// plainly is the golden of a text for terminals, which must not steer them.
func plainly(t *testing.T, name, format string, style Style, page Page) {
	t.Helper()
	text := golden(t, name, format, style, page)
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r >= 0x7f && r < 0xa0 }); i >= 0 && !style.Color {
		t.Errorf("a control character is at byte %d: %q", i, text[i:min(i+20, len(text))])
	}
}

func TestActions(t *testing.T) {
	for name, test := range map[string]struct {
		list  Actions
		style Style
	}{
		"actions":         {listed(house(t), "rank", ""), Style{}},
		"actions-narrow":  {listed(house(t), "id", ""), Style{Width: 72}},
		"actions-color":   {listed(house(t), "rank", "status"), Style{Color: true}},
		"actions-columns": {listed(house(t), "id", "category", ActionColumns()...), Style{Width: 200}},
		"actions-none":    {Actions{Assessment: house(t)}, Style{}},
	} {
		t.Run(name, func(t *testing.T) {
			plainly(t, name, "table", test.style, test.list)
		})
	}
	plainly(t, "actions-markdown", "markdown", Style{}, listed(house(t), "rank", "category"))
	plainly(t, "actions-csv", "csv", Style{}, listed(house(t), "rank", ""))
	plainly(t, "actions-csv-all", "csv", Style{}, listed(house(t), "rank", "tier", ActionColumns()...))
	text := golden(t, "actions-json", "json", Style{}, listed(house(t), "rank", "status"))
	if !json.Valid([]byte(text)) {
		t.Error("that is no JSON")
	}
}

// TestFormulas reads CSV back: no text may begin as a formula does. Numbers of ours may have a sign, as the portal's have.
func TestFormulas(t *testing.T) {
	var text strings.Builder
	must.Do(t, Write(&text, listed(house(t), "rank", "", ActionColumns()...), "csv", Style{}))
	rows := must.Get(csv.NewReader(strings.NewReader(text.String())).ReadAll())(t)
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") && rows[0][i] != "Score impact" {
				t.Errorf("%s: the cell %q runs", rows[0][i], cell)
			}
		}
	}
	for text, want := range map[string]string{
		"": "", "plain": "plain", "a=b": "a=b", "=1": "'=1", "+1": "'+1", "-1": "'-1", "@x": "'@x", "  =1": "'  =1", "'=1": "''=1", "＝1": "'＝1", "é": "é",
	} {
		expect.Equalf(t, want, inert(text), "inert(%q)", text)
	}
}

func TestLiteral(t *testing.T) {
	for text, want := range map[string]string{
		"a | b":              `a \| b`,
		"<img src=x>":        "&lt;img src=x&gt;",
		"[a](b) *c* _d_ `e`": `\[a\]\(b\) \*c\* \_d\_ \` + "`e\\`",
		`\|`:                 `\\\|`,
		"&amp;":              "&amp;amp;",
	} {
		expect.Equalf(t, want, literal(text), "literal(%q)", text)
	}
}

func page(t *testing.T, a *engine.Assessment, id string) Action {
	t.Helper()
	catalog := loadCatalog(t)
	action, ok := actions.Get(a, id)
	if !ok {
		t.Fatalf("there is no action %s", id)
	}
	control, _ := catalog.Control(id)
	return Action{Assessment: a, Action: action, Catalog: catalog, Control: control}
}

func TestAction(t *testing.T) {
	other := page(t, house(t), "Locks")
	other.Share = true
	same := page(t, house(t), "Doors")
	same.Share = true
	same.Action.Digest = same.Control.Digest
	unknown := page(t, house(t), "=Elsewhere")
	unknown.Assessment.Evidence.Licenses = false
	graded := page(t, house(t), "Done")
	graded.Action.Fraction = "1"
	many := page(t, house(t), "Locks")
	many.Action.Failing.Shown = slices.Repeat([]engine.Record{{Key: "key"}, {Key: "b062f694-2634-4b03-a459-6d8e29370693", Label: "ada@contoso.example"}}, 13)
	few := page(t, house(t), "Locks")
	few.Keys = 2
	for name, test := range map[string]struct {
		page  Action
		style Style
	}{
		"action":         {other, Style{}},
		"action-color":   {same, Style{Color: true, Width: 72}},
		"action-unknown": {unknown, Style{}},
		"action-graded":  {graded, Style{}},
		"action-many":    {many, Style{}},
		"action-few":     {few, Style{}},
	} {
		t.Run(name, func(t *testing.T) {
			plainly(t, name, "text", test.style, test.page)
		})
	}
	golden(t, "action-json", "json", Style{}, other)
	golden(t, "action-unknown-json", "json", Style{}, unknown)
}

// TestMailto reads a link back as a mail program does.
func TestMailto(t *testing.T) {
	p := page(t, house(t), "=Elsewhere")
	link := must.Get(url.Parse(p.share().Mailto))(t)
	query := must.Get(url.ParseQuery(link.RawQuery))(t)
	want := url.Values{
		"subject": {`Recommended action: =HYPERLINK("https://evil.example","x") | <b>x</b> [a](b) (=Elsewhere)`},
		"body": {`=HYPERLINK("https://evil.example","x") | <b>x</b> [a](b) (=Elsewhere)` +
			"\r\n\r\nTenant: Contoso [31m\r\nAs of: 2026-03-01 06:00 UTC\r\nPoints: 10 of 10 points, third party"},
	}
	expect.Equal(t, want, query)
	if link.Scheme != "mailto" || strings.ContainsAny(p.share().Mailto, "+ \"<>|\r\n") {
		t.Errorf("that is no link: %s", p.share().Mailto)
	}
}

func TestExplanation(t *testing.T) {
	a := house(t)
	for i := range a.Actions {
		a.Actions[i].Impact = score.Percent(a.Actions[i].Left(), a.Score.Total)
	}
	gone := action("Gone", "Look after nobody", 0, 7, engine.NotApplicable, "nothing is in scope")
	gone.Status = engine.ToAddress
	a.Actions = append(a.Actions, gone)
	for _, id := range []string{"Locks", "=Elsewhere", "Gone"} {
		name := "explanation-" + strings.ToLower(strings.TrimPrefix(id, "="))
		p := page(t, a, id)
		p.Action.Points.ByEvidence = map[string]score.Points{"Locks": points(1.2)}[id]
		x := must.Get(actions.Explain(a, p.Action))(t)
		plainly(t, name, "text", Style{}, Explanation{p, x})
		golden(t, name+"-json", "json", Style{}, Explanation{p, x})
	}
	locks, _ := actions.Get(a, "Locks")
	plainly(t, "ranking", "table", Style{}, Ranking{locks, actions.Rank(a, locks)})
}

// TestDecided has an assessment with decisions in the table of assess.
func TestDecided(t *testing.T) {
	plainly(t, "assessment-decided", "table", Style{}, Assessment{Assessment: house(t), Screen: Screen{All: true}})
	many := house(t)
	many.Findings = strings.Fields(strings.Repeat("finding ", 30))
	plainly(t, "assessment-findings", "table", Style{}, Assessment{Assessment: many, Screen: Screen{All: true}})
}

func TestFullDiskOfActions(t *testing.T) {
	for _, page := range []Page{listed(house(t), "rank", ""), page(t, house(t), "Locks")} {
		for _, format := range Formats(page) {
			room := full(100)
			if err := Write(&room, page, format, Style{}); !errors.Is(err, errFull) {
				t.Errorf("%T, %s: got %v", page, format, err)
			}
		}
	}
}
