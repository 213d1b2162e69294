package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
	"github.com/posture-score/posture/schemas"
)

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

// made is what takes time to make: the built-in catalog, and an assessment of a sample tenant.
type made struct {
	catalog    *catalog.Catalog
	assessment *engine.Assessment
}

var makeOnce = sync.OnceValues(func() (made, error) {
	ctx := context.Background()
	registry, err := schemas.Builtin()
	if err != nil {
		return made{}, err
	}
	source, err := catalog.Builtin()
	if err != nil {
		return made{}, err
	}
	cat, err := catalog.Load(ctx, registry, source)
	if err != nil {
		return made{}, err
	}
	compiled, err := engine.Compile(ctx, cat, engine.Options{Version: "1.2.3"})
	if err != nil {
		return made{}, err
	}
	bundle, err := evidence.Open(ctx, filepath.Join("..", "..", "testdata", "contoso"), evidence.DefaultLimits())
	if err != nil {
		return made{}, err
	}
	defer bundle.Close()
	due := time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)
	a, err := compiled.Assess(ctx, bundle, engine.AssessOptions{Decisions: map[string]engine.Decision{
		"AdminMFAV2": {
			Status: engine.Planned, Owner: "Ada", Due: &due, Reason: "With the rollout of keys", Tags: []string{"board"},
			Notes: []engine.Note{{Time: due.AddDate(0, -3, 0), Author: "Ada", Text: "Keys are ordered."}},
		},
	}})
	return made{cat, a}, err
})

// contoso returns what is shown of a sample tenant, with a loss and a catalog change in its history.
func contoso(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	m := must.Get(makeOnce())(t)
	a := *m.assessment
	a.Actions = slices.Clone(a.Actions)
	return &snapshot.Snapshot{
		Version: "0123", Now: a.EvaluatedAt, Tenant: a.Tenant, Tenants: 1, Assessment: &a, Live: true, Catalog: m.catalog, Settings: &settings.Settings{},
		Past: &snapshot.Past{Changes: []history.Change{{
			Before: 1, After: history.Entry{ID: 2, EvaluatedAt: a.EvaluatedAt},
			Attribution: &attribution.Attribution{New: attribution.Side{EvaluatedAt: a.EvaluatedAt}, Actions: []attribution.Change{
				{
					ID: "AdminMFAV2", Word: attribution.Regressed, Before: &attribution.State{Outcome: engine.Complete, Achieved: 1000, Max: 1000, Counts: true},
					After:   &attribution.State{Outcome: engine.Partial, Status: engine.Planned, Achieved: 700, Max: 1000, Counts: true},
					Parts:   []attribution.Part{{Cause: attribution.Population, Detail: "users", Amount: attribution.Amount{Points: -100}}, {Cause: attribution.Configuration, Amount: attribution.Amount{Points: -200}}},
					Records: &attribution.Moved{Regressed: &attribution.Set{Total: 4, Shown: []engine.Record{{Key: "1", Label: "Ada"}, {Key: "2"}, {Key: "3"}, {Key: "4"}}}},
				},
				{ID: "MFARegistrationV2", Word: attribution.InCatalog, After: &attribution.State{}, Parts: []attribution.Part{{Cause: attribution.Catalog, Detail: "added"}}},
			}},
		}}},
	}
}

func server(s *snapshot.Snapshot, tab, id, query string) *frame {
	values, _ := url.ParseQuery(query)
	return newFrame(s, Request{Tab: tab, ID: id, Query: values, Origin: "https://posture.example"}, links{base: "/tenants/T"})
}

func listOf(t testing.TB, s *snapshot.Snapshot, query string) *listTab {
	t.Helper()
	return must.Get(actionsOf(server(s, "actions", "", query)))(t).(*listTab)
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must.Do(t, os.MkdirAll("testdata", 0o755))
		must.Do(t, os.WriteFile(path, []byte(got), 0o644))
	}
	expect.Equal(t, string(must.Get(os.ReadFile(path))(t)), got)
}

// text writes a model as JSON, one field a line, without what is empty.
func text(t testing.TB, model any) string {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	must.Do(t, encoder.Encode(model))
	empty := regexp.MustCompile(`(?m)^ *"\w+": (""|null|0|false|\[\]),?\n`)
	return empty.ReplaceAllString(out.String(), "")
}

// TestActionsModel is a golden of the list: its toolbar, its columns, and its first rows.
func TestActionsModel(t *testing.T) {
	list := listOf(t, contoso(t), "q=mfa&sort=impact&dir=desc&group=status&column=title&column=impact&framework=nist_csf:PR.AA-03&tag=x")
	for i := range list.Groups {
		list.Groups[i].Rows = list.Groups[i].Rows[:min(2, len(list.Groups[i].Rows))]
	}
	list.frame, list.Rest = nil, nil
	for _, fields := range [][]listField{list.Fields, list.More} {
		for i := range fields {
			fields[i].Choices = fields[i].Choices[:min(2, len(fields[i].Choices))]
		}
	}
	golden(t, "actions.json", text(t, list))
}

// TestActionModel is a golden of an action: of a coverage control with everything, and in the file.
func TestActionModel(t *testing.T) {
	s := contoso(t)
	d := must.Get(actionsOf(server(s, "actions", "AdminMFAV2", "")))(t).(*detail)
	if len(d.Policy.HCL) < 50 || len(d.Policy.Rego) < 50 {
		t.Errorf("its policy has %d and %d tokens", len(d.Policy.HCL), len(d.Policy.Rego))
	}
	d.frame, d.Policy.HCL, d.Policy.Rego, d.Policy.Digest = nil, nil, nil, ""
	golden(t, "action.json", text(t, d))

	file := must.Get(actionsOf(newFrame(s, Request{Query: url.Values{}}, links{file: true})))(t).(*listTab)
	i := slices.IndexFunc(file.Details, func(e detailEntry) bool { return e.Model.ID == "AdminMFAV2" })
	d = file.Details[i].Model
	d.frame, d.Policy.Digest = nil, ""
	golden(t, "action-file.json", text(t, d))
	if len(file.Details) != len(s.Assessment.Actions) || len(file.Rules) < 20 {
		t.Errorf("the file has %d actions and %d rules", len(file.Details), len(file.Rules))
	}
}

// TestExceptionShown holds that the action says why an exception sets its status, who made it, and for how long.
func TestExceptionShown(t *testing.T) {
	d := must.Get(actionsOf(server(contoso(t), "actions", "scid_96", "")))(t).(*detail)
	expect.Equal(t, []detailPair{
		{"Justification", "The web gateway filters the traffic of every device"},
		{"Exception by", "security@contoso.example"},
		{"Exception made", "2026-02-10"},
		{"Exception ends", "2027-02-10"},
	}, d.Decided)
}

// TestFilters holds that the page shows what the query of the command line finds, and keeps the others at hand.
func TestFilters(t *testing.T) {
	s := contoso(t)
	for query, want := range map[string]actions.Query{
		"":                                     {},
		"status=planned":                       {Statuses: []string{"planned"}},
		"category=identity&outcome=not_met":    {Categories: []string{"identity"}, Outcomes: []string{"not_met"}},
		"product=entra_id&product=purview":     {Products: []string{"entra_id", "purview"}},
		"license=missing":                      {Licenses: []string{actions.Missing}},
		"threat=account_breach":                {Threats: []string{"account_breach"}},
		"tag=board":                            {Tags: []string{"board"}},
		"framework=scuba":                      {Frameworks: []string{"scuba"}},
		"q=PASSWORD":                           {Search: "password"},
		"review=regressed":                     {Reviews: []string{"regressed"}, Marks: s.Marks()},
		"review=recently_added":                {Reviews: []string{"recently_added"}, Marks: s.Marks()},
		"regressed=yes&status=planned&group=x": {Regressed: []string{"yes"}, Statuses: []string{"planned"}, Marks: s.Marks()},
	} {
		expected := must.Get(want.Find(s.Assessment))(t)
		actions.Sort(expected, "rank")
		list := listOf(t, s, query)
		var wanted, shown []string
		for _, a := range expected {
			wanted = append(wanted, a.ID)
		}
		for _, group := range list.Groups {
			for _, row := range group.Rows {
				shown = append(shown, row.ID)
			}
		}
		expect.Equalf(t, wanted, shown, "%s", query)
		if query != "" && len(list.Rest)+len(shown) != len(s.Assessment.Actions) {
			t.Errorf("%s: %d rows are shown and %d hidden, of %d", query, len(shown), len(list.Rest), len(s.Assessment.Actions))
		}
	}
}

func TestUnknownFilters(t *testing.T) {
	s := contoso(t)
	expect.Equal(t, []string{
		`The status "<b>" is unknown, and was left out.`,
		`The sort "color" is unknown, and was left out.`,
		`The column "weight" is unknown, and was left out.`,
		`The tag "no" is unknown, and was left out.`,
	}, listOf(t, s, "status=<b>&sort=color&column=weight&tag=no&utm=1").Problems)
	many := listOf(t, s, "status=a&status=b&status=c&status=d&status=e&status=f&status="+strings.Repeat("x", 5000)).Problems
	if len(many) != 6 || many[5] != "2 more filters of the address are unknown." {
		t.Errorf("got %q", many)
	}
}

// TestNotThere holds that an action that is none is no page.
func TestNotThere(t *testing.T) {
	r := must.Get(New())(t)
	if err := r.Render(&bytes.Buffer{}, contoso(t), Request{Tab: "actions", ID: "Nope", Query: url.Values{}}); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// TestRecordsArePaged holds that each record is on one page, and that the pages after the last are the last.
func TestRecordsArePaged(t *testing.T) {
	s := contoso(t)
	action := s.Action("MFARegistrationV2")
	action.Outcome, action.Coverage, action.Failing = engine.Partial, &engine.Coverage{Compliant: 3, InScope: 130, Records: 140}, &engine.Failing{Total: 127}
	for i := range 120 {
		action.Failing.Shown = append(action.Failing.Shown, engine.Record{Key: fmt.Sprint(i)})
	}
	page := func(query string) *failingPart {
		return must.Get(actionsOf(server(s, "actions", "MFARegistrationV2", query)))(t).(*detail).Failing
	}
	seen := map[string]bool{}
	for n := 1; n <= 3; n++ {
		for _, record := range page(fmt.Sprintf("failing=%d", n)).Records {
			seen[record.Key] = true
		}
	}
	if len(seen) != 120 {
		t.Errorf("the pages name %d records", len(seen))
	}
	first, last, beyond := page(""), page("failing=3"), page("failing=99")
	expect.Equal(t, []int64{1, 50, 120, 127}, []int64{first.From, first.To, first.Known, first.Total})
	if first.Less != "" || first.More != "/tenants/T/actions/MFARegistrationV2?failing=2" || last.More != "" {
		t.Errorf("got %+v and %+v", first, last)
	}
	expect.Equal(t, last, beyond)
	expect.Equal(t, first, page("failing=-1"))

	s.Failing = func(_ context.Context, id string, from, limit int) ([]engine.Record, int64, error) {
		return []engine.Record{{Key: fmt.Sprint(id, " ", from, " ", limit)}}, 127, nil
	}
	expect.Equal(t, []engine.Record{{Key: "MFARegistrationV2 50 50"}}, page("failing=2").Records)
}

// TestLocked holds that the page says why a status can't be set.
func TestLocked(t *testing.T) {
	for name, test := range map[string]struct {
		action  engine.Action
		control *catalog.Control
		want    string
	}{
		"nothing against it": {engine.Action{Outcome: engine.Partial}, &catalog.Control{}, ""},
		"a completed action": {engine.Action{Outcome: engine.Complete, Status: engine.Completed}, &catalog.Control{}, "completed"},
		"one not applicable": {engine.Action{Outcome: engine.NotApplicable}, nil, "does not apply"},
		"a device":           {engine.Action{Outcome: engine.NotMet, Status: engine.ToAddress}, &catalog.Control{Exception: "x"}, "by hand."},
		"a device's exception": {
			engine.Action{Outcome: engine.NotMet, Status: engine.ThirdParty}, &catalog.Control{Exception: "x"}, `"Third party control"`,
		},
	} {
		d := &detail{frame: &frame{snapshot: &snapshot.Snapshot{}}}
		d.decision(&test.action, test.control)
		if test.want == "" && d.Locked != "" || !strings.Contains(d.Locked, test.want) {
			t.Errorf("%s: got %q", name, d.Locked)
		}
	}
}

func TestSecure(t *testing.T) {
	for address, want := range map[string]bool{
		"https://learn.microsoft.com/x": true, "http://learn.microsoft.com": false, "javascript:alert(1)": false, "//x": false, "https:": false, "": false, "%": false,
	} {
		if got := secure(address) != ""; got != want {
			t.Errorf("%q: got %t", address, got)
		}
	}
}

// hostile are texts that try to be more than text.
func hostile() []string {
	return []string{
		`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `javascript:alert(1)`, "\u202egpj.exe\u202c", "a\x00b\u2028c", strings.Repeat("W", 500), `{{.}}`,
		`</textarea></pre></article>`, `' onmouseover='alert(1)`, `=HYPERLINK("http://x")`,
	}
}

// TestHostileTexts holds that whatever evidence, catalog and register hold stays text: on the page of the list, of the action, in the file.
func TestHostileTexts(t *testing.T) {
	r := must.Get(New())(t)
	s := contoso(t)
	for i, bad := range hostile() {
		a := &s.Assessment.Actions[i]
		a.ID, a.Title, a.Product, a.Category = "ID"+bad, bad, bad, bad
		a.Reasons, a.Findings, a.Threats, a.Missing = []string{bad}, []string{bad}, []string{bad}, []string{bad}
		a.Absent = []engine.Absent{{Dataset: bad, Field: bad}}
		a.Frameworks = map[string][]string{bad: {bad}}
		a.Outcome, a.Coverage = engine.Partial, &engine.Coverage{Compliant: 1, InScope: 3, Records: 4}
		a.Failing = &engine.Failing{Total: 2, Shown: []engine.Record{{Key: bad, Label: bad}, {Key: bad}}}
		a.Excluded = &engine.Excluded{Total: 1, Shown: []engine.ExcludedRecord{{Key: bad, Label: bad, Reason: bad}}}
		a.Prerequisites = []engine.Prerequisite{{License: bad}, {Control: bad}, {Control: a.ID}}
		a.Decision = &engine.Decision{Reason: bad, Owner: bad, Ticket: bad, ApprovedBy: bad, Tags: []string{bad}, Notes: []engine.Note{{Author: bad, Text: bad}}}
		s.Past.Changes[0].Attribution.Actions = append(s.Past.Changes[0].Attribution.Actions, attribution.Change{
			ID: a.ID, Word: attribution.Word(bad), Parts: []attribution.Part{{Cause: attribution.Cause(bad), Detail: bad}},
			Records: &attribution.Moved{Came: &attribution.Set{Total: 2, Shown: []engine.Record{{Key: bad}}}},
		})
	}
	pages := map[string]func(*bytes.Buffer) error{
		"the file": func(b *bytes.Buffer) error { return r.File(b, s) },
		"the list": func(b *bytes.Buffer) error {
			return r.Render(b, s, Request{Tab: "actions", Query: url.Values{"q": hostile()[:1], "tag": hostile(), "status": hostile(), "group": {"product"}}})
		},
	}
	for _, bad := range hostile() {
		pages["the action "+bad] = func(b *bytes.Buffer) error {
			return r.Render(b, s, Request{Tab: "actions", ID: "ID" + bad, Query: url.Values{}})
		}
	}
	for name, render := range pages {
		var page bytes.Buffer
		if err := render(&page); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkInert(t, name, page.String())
	}
}

// checkInert reports what of a page could run, or lead somewhere else.
func checkInert(t *testing.T, name, page string) {
	t.Helper()
	for _, danger := range []string{"<script>alert", "<img", `href="javascript:`, " onmouseover='", `" onerror`, " style=", "ZgotmplZ"} {
		if at := strings.Index(page, danger); at >= 0 {
			t.Errorf("%s has %q: …%s…", name, danger, page[max(0, at-80):min(len(page), at+80)])
		}
	}
	if n := strings.Count(page, "<article"); n != strings.Count(page, "</article>") {
		t.Errorf("%s has %d articles and %d ends", name, n, strings.Count(page, "</article>"))
	}
	if !utf8.ValidString(page) {
		t.Errorf("%s is no UTF-8", name)
	}
}

// TestMisfit holds that an assessment that does not add up is shown, and said to be wrong.
func TestMisfit(t *testing.T) {
	s := contoso(t)
	s.Action("AdminMFAV2").Points.Achieved = 1_23
	d := must.Get(actionsOf(server(s, "actions", "AdminMFAV2", "")))(t).(*detail)
	if !strings.Contains(d.Misfit, "does not add up") || d.Sums != nil {
		t.Errorf("got %q", d.Misfit)
	}
}

// TestPending holds that a page of a store says what was decided since, and shows its notes at once.
func TestPending(t *testing.T) {
	s := contoso(t)
	s.Live = false
	s.Register.Decisions = map[string]engine.Decision{"AdminMFAV2": {Status: engine.RiskAccepted, Tags: []string{"new"}}}
	d := must.Get(actionsOf(server(s, "actions", "AdminMFAV2", "")))(t).(*detail)
	if d.Pending != "Risk accepted" || d.Status != engine.Planned || !slices.Equal(d.Tags, []string{"new"}) {
		t.Errorf("got %q, %q, %q", d.Pending, d.Status, d.Tags)
	}
	if list := listOf(t, s, "tag=new"); list.Shown != 1 {
		t.Errorf("%d actions have the new tag", list.Shown)
	}
}

// FuzzActionsQuery holds that no query string breaks the list.
func FuzzActionsQuery(f *testing.F) {
	s, r := contoso(f), must.Get(New())(f)
	s.Assessment.Actions = s.Assessment.Actions[:8]
	f.Add("q=a&status=planned&column=title&group=tier&dir=desc&sort=points")
	f.Add("tag=%3Cscript%3E&framework=scuba:x&stage=preview&columns=,,")
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		var page bytes.Buffer
		must.Do(t, r.Render(&page, s, Request{Tab: "actions", Query: values}))
		if strings.Contains(page.String(), "<script>alert") || !strings.Contains(page.String(), "</table>") {
			t.Error("the page is broken")
		}
	})
}

func BenchmarkActions(b *testing.B) {
	s, r := contoso(b), must.Get(New())(b)
	for _, size := range []int{465, 5000} {
		all := *s.Assessment
		for i := len(all.Actions); i < size; i++ {
			a := s.Assessment.Actions[i%len(s.Assessment.Actions)]
			a.ID = fmt.Sprint(a.ID, "-", i)
			all.Actions = append(all.Actions, a)
		}
		shown := *s
		shown.Assessment = &all
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			for b.Loop() {
				must.Do(b, r.Render(&bytes.Buffer{}, &shown, Request{Tab: "actions", Query: url.Values{}}))
			}
		})
	}
}
