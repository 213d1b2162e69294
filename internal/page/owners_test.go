package page_test

import (
	"bytes"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/snapshot"
)

// tab renders a tab of a snapshot.
func tab(t testing.TB, s *snapshot.Snapshot, name, query string) string {
	t.Helper()
	var text bytes.Buffer
	must.Do(t, must.Get(page.New())(t).Render(&text, s, page.Request{Tab: name, Query: must.Get(url.ParseQuery(query))(t), Viewer: page.Viewer{Editor: true}}))
	return text.String()
}

// decided returns the sample with decisions: overdue, due, expiring, expired, unowned, and by owners who want to be more than names.
func decided(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	s := sample(t)
	on := func(days int) *time.Time {
		at := s.Now.UTC().Truncate(24*time.Hour).AddDate(0, 0, days)
		return &at
	}
	all := []engine.Decision{
		{Status: engine.Planned, Owner: "ada@contoso.example", Due: on(-3)},
		{Status: engine.Planned, Owner: "Ada@contoso.example", Due: on(3), Reason: `<img src=x onerror=alert(1)>`},
		{Status: engine.RiskAccepted, Owner: `<script>alert("1")</script>`, Expires: on(10)},
		{Status: engine.ThirdParty, Owner: "\u202egro.live", Expires: on(-1)},
		{Status: engine.Planned},
	}
	s.Register.Decisions = map[string]engine.Decision{"Gone": {Status: engine.Planned, Owner: strings.Repeat("x", 500)}}
	for i := range s.Assessment.Actions {
		if a := &s.Assessment.Actions[i]; !a.Settled() && len(all) > 0 {
			s.Register.Decisions[a.ID], all = all[0], all[1:]
		}
	}
	return s
}

// rows returns the ids of the rows of a table, and the heads of its groups, in their order.
func rows(text string) []string {
	var list []string
	for _, found := range regexp.MustCompile(`<tr data-row="([^"]*)"|<tr class="group"><th[^>]*><bdi>([^<]*)`).FindAllStringSubmatch(text, -1) {
		if found[2] != "" {
			list = append(list, "["+found[2]+"]")
			continue
		}
		list = append(list, found[1])
	}
	return list
}

// TestOwners holds that decisions are grouped, filtered and sorted without a script, and that foreign text is text.
func TestOwners(t *testing.T) {
	s := decided(t)
	text := tab(t, s, "owners", "")
	for _, want := range []string{
		`<a class="tile" href="/tenants/` + s.Tenant.ID + `/owners?state=overdue"><span class="value">1</span> <span class="label">overdue</span></a>`,
		`<bdi>&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;</bdi>`,
		"/owners?owner=%3Cscript%3Ealert%28%221%22%29%3C%2Fscript%3E",
		`/api/v1/tenants/` + s.Tenant.ID + `/owners.xlsx`,
		"3 days ago", "in 3 days", `As of <time datetime="` + s.Now.Format(time.DateOnly) + `">`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the tab lacks %s", want)
		}
	}
	_, shown, _ := strings.Cut(text, "<main")
	for _, never := range []string{"<script>alert", "<img", "style=", "onerror=\""} {
		if strings.Contains(shown, never) {
			t.Errorf("the tab has %s", never)
		}
	}
	ids := []string{}
	for i := range s.Assessment.Actions {
		if _, ok := s.Register.Decisions[s.Assessment.Actions[i].ID]; ok {
			ids = append(ids, s.Assessment.Actions[i].ID)
		}
	}
	hostile, long := "[&lt;script&gt;alert(&#34;1&#34;)&lt;/script&gt;]", "["+strings.Repeat("x", 500)+"]"
	for query, want := range map[string][]string{
		"":                                  {hostile, ids[2], "[ada@contoso.example]", ids[0], ids[1], long, "Gone", "[\u202egro.live]", ids[3], "[Nobody]", ids[4]},
		"group=&sort=due":                   {ids[0], ids[1], ids[3], ids[2], ids[4], "Gone"},
		"group=&sort=due&dir=desc":          {ids[1], ids[0], ids[3], ids[2], ids[4], "Gone"},
		"state=overdue&group=state":         {"[Overdue]", ids[0]},
		"owner=ADA@contoso.example&group=":  {ids[0], ids[1]},
		"owner=(nobody)&group=":             {ids[4]},
		"q=gone&group=&sort=nothing&dir=up": {"Gone"},
		"q=no+such+thing":                   nil,
		"state=<b>&sort=%00&group=x":        nil,
	} {
		expect.Equalf(t, want, rows(tab(t, s, "owners", query)), "%s", query)
	}
}

// TestOwnersNone holds what is shown where nothing is decided.
func TestOwnersNone(t *testing.T) {
	s := sample(t)
	s.Register.Decisions = map[string]engine.Decision{}
	if text := tab(t, s, "owners", ""); !strings.Contains(text, "Nothing is decided yet") || strings.Contains(text, "<table") {
		t.Error("it says something else")
	}
}
