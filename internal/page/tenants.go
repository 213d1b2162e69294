package page

import (
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/settings"
	"github.com/posture-score/posture/internal/snapshot"
)

// tenantsOnPage is how many tenants one page of the list has.
const tenantsOnPage = 50

// maxTenantPage bounds the number of a page: more there are not.
const maxTenantPage = 100_000

// TenantQuery returns which tenants the parameters of an address ask for: q, a part of the name; sort, one of name, score, change and age;
// dir, asc or desc; and page, from 1. What is not known is ignored.
func TenantQuery(values url.Values) snapshot.Query {
	sort := tenantSort(values.Get("sort"))
	return snapshot.Query{
		Search: values.Get("q"), Sort: sort.order, Descending: sort.descends(values.Get("dir")), Limit: tenantsOnPage,
		From: (tenantPage(values) - 1) * tenantsOnPage,
	}
}

func tenantPage(values url.Values) int {
	number, err := strconv.Atoi(values.Get("page"))
	if err != nil || number < 1 || number > maxTenantPage {
		return 1
	}
	return number
}

// tenantColumn is a column by which tenants are sorted. Age goes the other way than the time that it is measured from.
type tenantColumn struct {
	key, title string
	order      history.Order
	backwards  bool // ascending is from late to early
	first      string
	num        bool
}

func tenantColumns() []tenantColumn {
	return []tenantColumn{
		{key: "name", title: "Tenant", order: history.ByName, first: ascending},
		{key: "score", title: "Score", order: history.ByScore, first: ascending, num: true},
		{key: "change", title: "Change", order: history.ByChange, first: ascending, num: true},
		{key: "age", title: "Evidence", order: history.ByTime, backwards: true, first: descending},
	}
}

// Directions.
const (
	ascending  = "asc"
	descending = "desc"
)

// tenantSort returns the column of a key, or the first.
func tenantSort(key string) tenantColumn {
	for _, c := range tenantColumns() {
		if c.key == key {
			return c
		}
	}
	return tenantColumns()[0]
}

// direction returns the direction that is asked for, or the one that the column has first.
func (c tenantColumn) direction(asked string) string {
	if asked == ascending || asked == descending {
		return asked
	}
	return c.first
}

func (c tenantColumn) descends(asked string) bool {
	return (c.direction(asked) == descending) != c.backwards
}

// Tenants is what a list of tenants is made of.
type Tenants struct {
	List    []snapshot.Tenant // those of the page
	Total   int               // how many the query finds
	Version string
	Now     time.Time // what ages are measured from
}

// tenants is the model of the list.
type tenants struct {
	*frame
	Search     string
	Heads      []tenantHead
	Rows       []tenantRow
	Total      int64
	First      int64 // number of the first row; 0 if there is none
	Last       int64
	Zones      bool
	Back, Next string // addresses; empty if there is no such page
	Kept       []param
}

// param is a parameter of an address.
type param struct{ Name, Value string }

// tenantHead is the head of a column, which sorts.
type tenantHead struct {
	Title, Link, Sorted string // Sorted is ascending or descending; empty if the list is not sorted by it
	Num                 bool
}

// tenantRow is a tenant in the list.
type tenantRow struct {
	Name, ID, Link string // ID is empty if it is the name
	Percent        score.Points
	Zone, Chip     string // of the score, with the class of its chip; empty without zones
	Change         *attribution.Amount
	Collected      time.Time // zero if it is not known
	Age            string
	Regressions    []moved
}

// Tenants writes the list of tenants for the server. Of the request the query and the viewer count.
func (r *Renderer) Tenants(w io.Writer, t Tenants, request Request) error {
	request.Tab, request.ID = "tenants", ""
	f := &frame{
		Title: "Tenants · posture", Name: "All tenants", Request: request, Links: links{}, Version: t.Version,
		Tabs: []tabLink{{Name: "tenants", Title: "Tenants", Link: "/tenants", Current: true}},
	}
	f.Sections = []section{{Name: "tenants", Title: "Tenants", Template: "tenants", Model: tenantsOf(f, t)}}
	return r.execute(w, "server", f)
}

func tenantsOf(f *frame, t Tenants) *tenants {
	values := f.Request.Query
	number, column := tenantPage(values), tenantSort(values.Get("sort"))
	direction := column.direction(values.Get("dir"))
	m := &tenants{frame: f, Search: values.Get("q"), Total: int64(t.Total)}
	kept := url.Values{}
	for _, name := range []string{"q", "tab"} {
		if value := values.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	link := func(pairs ...string) string {
		query := url.Values{}
		for name := range kept {
			query.Set(name, kept.Get(name))
		}
		for i := 0; i < len(pairs); i += 2 {
			query.Set(pairs[i], pairs[i+1])
		}
		return "/tenants?" + query.Encode()
	}
	for _, c := range tenantColumns() {
		head := tenantHead{Title: c.title, Num: c.num}
		next := c.first
		if c.key == column.key {
			head.Sorted = direction + "ending"
			next = map[string]string{ascending: descending, descending: ascending}[direction]
		}
		head.Link = link("sort", c.key, "dir", next)
		m.Heads = append(m.Heads, head)
	}
	for _, tenant := range t.List {
		m.Rows = append(m.Rows, tenantRowOf(tenant, t.Now, values.Get("tab")))
		m.Zones = m.Zones || tenant.Zone != ""
	}
	if len(t.List) > 0 {
		m.First = int64(number-1)*tenantsOnPage + 1
		m.Last = m.First + int64(len(t.List)) - 1
	}
	sorted := []string{"sort", column.key, "dir", direction, "page"}
	if number > 1 {
		m.Back = link(append(sorted, strconv.Itoa(number-1))...)
	}
	if number*tenantsOnPage < t.Total {
		m.Next = link(append(sorted, strconv.Itoa(number+1))...)
	}
	m.Kept = []param{{"sort", column.key}, {"dir", direction}}
	if tab := kept.Get("tab"); tab != "" {
		m.Kept = append(m.Kept, param{"tab", tab})
	}
	return m
}

// tenantRowOf returns the row of a tenant, which leads to one of its tabs.
func tenantRowOf(t snapshot.Tenant, now time.Time, tab string) tenantRow {
	to := links{base: "/tenants/" + url.PathEscape(t.ID)}
	row := tenantRow{Name: t.Name, ID: t.ID, Link: to.Tab("overview"), Percent: t.Score.Percent, Zone: capital(string(t.Zone)), Change: t.Change}
	if row.Name == "" {
		row.Name, row.ID = t.ID, ""
	}
	for _, known := range tabs() {
		if known.name == tab && known.name != "tenants" {
			row.Link = to.Tab(tab)
		}
	}
	switch t.Zone {
	case settings.Good:
		row.Chip = "is-good"
	case settings.Okay:
		row.Chip = "is-warn"
	case settings.Bad:
		row.Chip = "is-bad"
	}
	if !t.CollectedAt.IsZero() {
		row.Collected, row.Age = t.CollectedAt, ago(t.CollectedAt, now)
	}
	for _, lost := range t.Regressions {
		row.Regressions = append(row.Regressions, moved{ID: lost.ID, Title: lost.Title, Link: to.Action(lost.ID), Amount: lost.Amount})
	}
	return row
}
