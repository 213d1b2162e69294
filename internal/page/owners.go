package page

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/posture-score/posture/internal/decisions"
)

// owners is the model of the tab: who has what to do by when, and which decisions come to an end.
type owners struct {
	*frame
	AsOf    time.Time // from which days are counted
	Sum     decisions.Owner
	Tiles   []tile
	Owners  []ownerLine
	States  []option
	Names   []option
	Columns []sortColumn
	Groups  []decisionGroup
	Shown   int
	All     int
	Query   ownersQuery
	CSV     string // addresses of exports; empty in a file
	XLSX    string
}

// ownersQuery is which decisions are shown, and how. What is unknown is as if it was not there.
type ownersQuery struct {
	Search, State, Owner string
	Group                string // owner, state, or "none"
	Sort                 string // a column, or "" for the most urgent first
	Descending           bool
}

// option is a choice of a form.
type option struct {
	Value, Text string
	Chosen      bool
}

// tile is a count of decisions, and the address that lists them; empty in a file.
type tile struct {
	Count      int
	Text, Link string
}

// ownerLine is a line of the owners, with the address of what they decided.
type ownerLine struct {
	decisions.Owner
	Shown, Link string
}

// decisionGroup is decisions under a head.
type decisionGroup struct {
	Head string // empty if decisions are not grouped
	List []decisionLine
}

// decisionLine is a decision as the table shows it.
type decisionLine struct {
	decisions.Item
	Link  string // of the action; empty if there is none
	Owner string // as the group is called, whatever the case of the name
	Key   string // of the owner in the form
}

// sortColumn is a head of the table.
type sortColumn struct {
	Name, Title, Type, Class string
	Link                     string // sorts by it; empty in a file, which needs a script for that
	Sorted                   string // ascending, descending or ""
}

// nobody is what the owner of a decision without one is called. The parentheses keep it from being a name.
const nobody = "(nobody)"

// ownersOf returns the model of the tab.
func ownersOf(f *frame) (any, error) {
	s := f.snapshot
	all := decisions.ByOwner(decisions.List(s.Assessment, s.Register.Decisions, s.Now))
	o := &owners{frame: f, AsOf: s.Now, Sum: decisions.Sum(all), Query: readOwnersQuery(f.Request.Query)}
	if !f.File {
		base := "/api/v1/tenants/" + url.PathEscape(s.Tenant.ID) + "/owners"
		o.CSV, o.XLSX = base+".csv", base+".xlsx"
	}
	var lines []decisionLine
	unowned := 0
	states := map[decisions.State]bool{}
	for _, owner := range all {
		name := cmp.Or(owner.Name, nobody)
		o.Owners = append(o.Owners, ownerLine{Owner: owner, Shown: cmp.Or(owner.Name, "Nobody"), Link: o.link(ownersQuery{Owner: name, Group: o.Query.Group})})
		o.Names = append(o.Names, option{Value: name, Text: cmp.Or(owner.Name, "Nobody"), Chosen: same(name, o.Query.Owner)})
		if owner.Name == "" {
			unowned = owner.Planned
		}
		for _, item := range owner.Items {
			line := decisionLine{Item: item, Owner: cmp.Or(owner.Name, "Nobody"), Key: name}
			if item.State != decisions.Unused {
				line.Link = f.Links.Action(item.ID)
			}
			states[item.State] = true
			lines = append(lines, line)
		}
	}
	for _, state := range decisions.States() {
		if states[state] {
			o.States = append(o.States, option{Value: string(state), Text: stateTitle(state), Chosen: string(state) == o.Query.State})
		}
	}
	o.Tiles = o.tiles(unowned)
	o.All = len(lines)
	lines = slices.DeleteFunc(lines, func(l decisionLine) bool { return !o.Query.matches(l) })
	o.Shown = len(lines)
	o.Query.sort(lines)
	o.Groups = o.Query.groups(lines)
	o.Columns = o.heads()
	return o, nil
}

// tiles returns what needs attention.
func (o *owners) tiles(unowned int) []tile {
	days := fmt.Sprintf(" within %d days", decisions.Ahead)
	link := func(s decisions.State) string { return o.link(ownersQuery{State: string(s), Group: "owner"}) }
	expire := "expire" + days
	if o.Sum.Soon > 0 {
		expire += fmt.Sprintf(", %d of them within %d", o.Sum.Soon, decisions.Soon)
	}
	return []tile{
		{o.Sum.Overdue, "overdue", link(decisions.Overdue)},
		{o.Sum.Due, "due" + days, link(decisions.Due)},
		{o.Sum.Expired, "decisions expired", link(decisions.Expired)},
		{o.Sum.Expiring, expire, link(decisions.Expiring)},
		{unowned, "planned without an owner", o.link(ownersQuery{Owner: nobody, Group: "owner"})},
	}
}

// readOwnersQuery reads a query. Grouping is by owner unless it says otherwise.
func readOwnersQuery(values url.Values) ownersQuery {
	q := ownersQuery{
		Search: values.Get("q"), State: values.Get("state"), Owner: values.Get("owner"), Group: values.Get("group"), Sort: values.Get("sort"), Descending: values.Get("dir") == "desc",
	}
	if q.Group != "state" && (q.Group != "" || !values.Has("group")) {
		q.Group = "owner"
	}
	if !slices.Contains([]string{"action", "state", "left", "due", "expires", "owner", "status"}, q.Sort) {
		q.Sort, q.Descending = "", false
	}
	return q
}

// same compares names without case.
func same(a, b string) bool { return strings.EqualFold(a, b) }

func (q ownersQuery) matches(l decisionLine) bool {
	if q.State != "" && string(l.State) != q.State || q.Owner != "" && !same(l.Key, q.Owner) {
		return false
	}
	text := strings.ToLower(strings.Join([]string{l.ID, l.Title, l.Owner, l.Reason, l.Ticket, strings.Join(l.Tags, " ")}, " "))
	for word := range strings.FieldsSeq(strings.ToLower(q.Search)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// sort sorts decisions by a column, the most urgent first of those that are the same. Those without a value come last.
func (q ownersQuery) sort(lines []decisionLine) {
	slices.SortStableFunc(lines, func(a, b decisionLine) int { return decisions.Compare(a.Item, b.Item) })
	key := func(l decisionLine) string {
		switch q.Sort {
		case "action":
			return strings.ToLower(cmp.Or(l.Title, l.ID))
		case "state":
			return fmt.Sprintf("%02d", slices.Index(decisions.States(), l.State))
		case "left":
			return fmt.Sprintf("%020d", l.Left)
		case "due":
			return l.Due
		case "expires":
			return l.Expires
		case "owner":
			return strings.ToLower(l.Item.Owner)
		case "status":
			return string(l.Status)
		}
		return ""
	}
	slices.SortStableFunc(lines, func(a, b decisionLine) int {
		x, y := key(a), key(b)
		switch {
		case x == "" || y == "":
			return cmp.Compare(y, x) // what has none comes last
		case q.Descending:
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	})
}

// groups puts sorted decisions under heads.
func (q ownersQuery) groups(lines []decisionLine) []decisionGroup {
	var groups []decisionGroup
	index := map[string]int{}
	for _, line := range lines {
		head := ""
		switch q.Group {
		case "owner":
			head = line.Owner
		case "state":
			head = stateTitle(line.State)
		}
		at, known := index[head]
		if !known {
			at = len(groups)
			index[head] = at
			groups = append(groups, decisionGroup{Head: head})
		}
		groups[at].List = append(groups[at].List, line)
	}
	if q.Group == "owner" {
		slices.SortStableFunc(groups, func(a, b decisionGroup) int {
			switch nobodys, others := a.List[0].Key == nobody, b.List[0].Key == nobody; {
			case nobodys && !others:
				return 1
			case others && !nobodys:
				return -1
			}
			return cmp.Compare(strings.ToLower(a.Head), strings.ToLower(b.Head))
		})
	}
	return groups
}

// heads returns the heads of the table.
func (o *owners) heads() []sortColumn {
	columns := []sortColumn{
		{Name: "action", Title: "Recommended action", Type: "text"},
		{Name: "state", Title: "State", Type: "text"},
		{Name: "left", Title: "Points left", Type: "number", Class: "num"},
		{Name: "due", Title: "Due", Type: "date"},
		{Name: "expires", Title: "Expires", Type: "date"},
		{Name: "status", Title: "Status", Type: "text", Class: "word spare"},
		{Name: "owner", Title: "Owner", Type: "text", Class: "spare"},
	}
	for i := range columns {
		c := &columns[i]
		next := o.Query
		next.Sort, next.Descending = c.Name, c.Type == "number"
		if o.Query.Sort == c.Name {
			c.Sorted, next.Descending = "ascending", !o.Query.Descending
			if o.Query.Descending {
				c.Sorted = "descending"
			}
		}
		c.Link = o.link(next)
	}
	return columns
}

// link returns the address of the tab with a query; empty in a file, which has one address for all.
func (o *owners) link(q ownersQuery) string {
	if o.File {
		return ""
	}
	values := url.Values{}
	for name, value := range map[string]string{"q": q.Search, "state": q.State, "owner": q.Owner, "sort": q.Sort} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.Group != "owner" {
		values.Set("group", q.Group)
	}
	if q.Sort != "" && q.Descending {
		values.Set("dir", "desc")
	}
	if len(values) == 0 {
		return o.Links.Tab("owners")
	}
	return o.Links.Tab("owners") + "?" + values.Encode()
}

// stateTitle returns what the state of a decision is called.
func stateTitle(s decisions.State) string {
	switch s {
	case decisions.Due:
		return "Due soon"
	case decisions.Expiring:
		return "Expires soon"
	case decisions.Standing:
		return "Decided"
	case decisions.Open:
		return "To address"
	}
	return capital(spaced(string(s)))
}

// stateChip returns the class of a state. The style sheet adds a sign of its own shape, so that color is never alone.
func stateChip(s decisions.State) string {
	switch s {
	case decisions.Expired, decisions.Overdue:
		return "is-bad"
	case decisions.Expiring, decisions.Due:
		return "is-warn"
	case decisions.Planned:
		return "is-info"
	case decisions.Done:
		return "is-good"
	}
	return ""
}

// inDays writes how far away a day is: in 3 days, today, 2 days ago.
func inDays(days *int) string {
	switch {
	case days == nil:
		return ""
	case *days == 0:
		return "today"
	case *days < 0:
		return plural(int64(-*days), "day") + " ago"
	}
	return "in " + plural(int64(*days), "day")
}

// stateRank returns how urgent a state is; 0 is the most urgent.
func stateRank(s decisions.State) int { return slices.Index(decisions.States(), s) }
