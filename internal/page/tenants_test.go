package page_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/page"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

func TestTenantQuery(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]snapshot.Query{
		"":                            {Sort: history.ByName, Limit: 50},
		"q=con&sort=score&dir=desc":   {Search: "con", Sort: history.ByScore, Descending: true, Limit: 50},
		"sort=change&page=3":          {Sort: history.ByChange, From: 100, Limit: 50},
		"sort=age":                    {Sort: history.ByTime, Limit: 50}, // the oldest first
		"sort=age&dir=asc":            {Sort: history.ByTime, Descending: true, Limit: 50},
		"sort=nothing&dir=up&page=-1": {Sort: history.ByName, Limit: 50},
		"page=99999999999999999999":   {Sort: history.ByName, Limit: 50},
		"page=9999999":                {Sort: history.ByName, Limit: 50},
	} {
		expect.Equalf(t, want, page.TenantQuery(must.Get(url.ParseQuery(query))(t)), "%s", query)
	}
}

// listOf returns the list of some tenants, and what it is as text.
func listOf(t testing.TB, query string, list page.Tenants) string {
	t.Helper()
	r := must.Get(page.New())(t)
	var text bytes.Buffer
	must.Do(t, r.Tenants(&text, list, page.Request{Query: must.Get(url.ParseQuery(query))(t)}))
	return text.String()
}

func TestTenants(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	hostile := `<script>alert(1)</script>` + "\u202e" + strings.Repeat("x", 500)
	change := attribution.Amount{Points: -2_50}
	list := page.Tenants{Version: "v1", Now: now, Total: 101, List: []snapshot.Tenant{
		{
			Tenant: engine.Tenant{ID: "a/b", Name: hostile}, CollectedAt: now.AddDate(0, 0, -3), Score: engine.Score{Percent: 61_20}, Zone: settings.Okay, Change: &change,
			Regressions: []snapshot.Regression{{ID: "MFA", Title: `"><img src=x>`, Amount: change}},
		},
		{Tenant: engine.Tenant{ID: "c"}, Score: engine.Score{Percent: 5}},
	}}
	text := listOf(t, "q=%3Cb%3E&sort=score&page=2&tab=actions", list)
	for _, want := range []string{
		`<a href="/tenants/a%2Fb/actions"><bdi>&lt;script&gt;alert(1)&lt;/script&gt;`, `<small class="muted spare"><bdi>a/b</bdi></small>`, "61.20%", `<span class="chip is-warn">Okay</span>`,
		"3 days ago", "−2.5", `<a href="/tenants/a%2Fb/actions/MFA"><bdi>&#34;&gt;&lt;img src=x&gt;`, `<a href="/tenants/c/actions"><bdi>c</bdi></a></th>`, "51 to 52 of 101",
		`aria-sort="ascending"><a href="/tenants?dir=desc&amp;q=%3Cb%3E&amp;sort=score&amp;tab=actions">Score`, `value="&lt;b&gt;"`,
		`href="/tenants?dir=asc&amp;page=1&amp;q=%3Cb%3E&amp;sort=score&amp;tab=actions" rel="prev"`, `href="/tenants?dir=asc&amp;page=3&amp;q=%3Cb%3E&amp;sort=score&amp;tab=actions" rel="next"`,
		`data-snapshot="v1"`, `<a class="brand" href="/tenants">`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, bad := range []string{"<script>alert", "<img src=x", "0001-01-01", "ZgotmplZ", "Switch tenant"} {
		if strings.Contains(text, bad) {
			t.Errorf("%s is in it", bad)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
	if text := listOf(t, "q=none", page.Tenants{Now: now}); !strings.Contains(text, "No tenant has “<bdi>none</bdi>”") {
		t.Error(text)
	}
	if text := listOf(t, "page=9", page.Tenants{Now: now, Total: 3}); !strings.Contains(text, "To the first page") || strings.Contains(text, "rel=\"next\"") {
		t.Error(text)
	}
}

// TestSwitcher leads to the others, where there are others, and to nothing in the single file.
func TestSwitcher(t *testing.T) {
	t.Parallel()
	r := must.Get(page.New())(t)
	one := sample(t)
	several := *one
	several.Tenants, several.Problem = 2, `half a <file>`
	render := func(s *snapshot.Snapshot) string {
		var text bytes.Buffer
		must.Do(t, r.Render(&text, s, page.Request{Tab: "overview", Query: url.Values{}}))
		return text.String()
	}
	if text := render(one); strings.Contains(text, "Switch tenant") || strings.Contains(text, "could not be read") {
		t.Error("there is one tenant, and no problem")
	}
	text := render(&several)
	for _, want := range []string{"Switch tenant", `<a href="/tenants?tab=overview">All tenants</a>`, "What is there now could not be read: half a &lt;file&gt;."} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if err := r.Render(&bytes.Buffer{}, &several, page.Request{Tab: "tenants"}); !errors.Is(err, page.ErrNotFound) {
		t.Errorf("the list is of no tenant: %v", err)
	}
	var file bytes.Buffer
	must.Do(t, r.File(&file, &several))
	if strings.Contains(file.String(), "/tenants") {
		t.Error("the file has links to a server: " + fmt.Sprint(strings.Index(file.String(), "/tenants")))
	}
}

// FuzzTenants takes any address, and makes no markup of it.
func FuzzTenants(f *testing.F) {
	for _, query := range []string{"", "q=%3Cscript%3E&sort=score&dir=desc&page=2&tab=actions", "page=-1&q=%FF", "q=a&q=b;c"} {
		f.Add(query)
	}
	r := must.Get(page.New())(f)
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Skip()
		}
		q := page.TenantQuery(values)
		if q.From < 0 || q.Limit != 50 {
			t.Errorf("%+v", q)
		}
		var text bytes.Buffer
		must.Do(t, r.Tenants(&text, page.Tenants{Total: 1, List: []snapshot.Tenant{{Tenant: engine.Tenant{ID: values.Get("q"), Name: values.Get("tab")}}}}, page.Request{Query: values}))
		if got := strings.Count(text.String(), "<script"); got != 1 || strings.Contains(text.String(), "ZgotmplZ") {
			t.Errorf("%d scripts:\n%s", got, text.String())
		}
	})
}
