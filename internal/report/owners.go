package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/decisions"
)

// Owners is the page of what each owner has decided: planned, due and overdue, expiring and expired.
type Owners struct {
	Assessment *engine.Assessment
	Now        time.Time // what days are counted from
	Owners     []decisions.Owner
}

func (page Owners) document() any {
	return struct {
		header
		At     string            `json:"at"`
		Owners []decisions.Owner `json:"owners"`
	}{newHeader(page.Assessment), page.Now.UTC().Format(time.RFC3339), page.Owners}
}

func (page Owners) table(p *printer) {
	p.hang("", clean(tenantName(page.Assessment))+", decisions as of "+onDay(page.Now), p.bold)
	if len(page.Owners) == 0 {
		p.printf("\nNothing is decided.\n")
		return
	}
	t := grid{indent: "  ", columns: []gridColumn{
		{head: "ID", id: true},
		{head: "STATE"},
		{head: "LEFT", right: true},
		{head: "TITLE", least: leastText, wraps: true},
	}}
	for _, o := range page.Owners {
		t.rows = append(t.rows, gridRow{title: ownerTitle(o)})
		for _, item := range o.Items {
			t.add(item.ID, standingWords(item), "+"+item.Left.String(), item.Title)
		}
	}
	p.printf("\n")
	p.grid(&t)
	sum := decisions.Sum(page.Owners)
	p.printf("\n")
	p.hang("", ownerSums(sum), plain)
}

// ownerTitle returns an owner with the sums.
func ownerTitle(o decisions.Owner) string {
	name := "Nobody"
	if o.Name != "" {
		name = clip(clean(o.Name), maxName)
	}
	return name + ": " + ownerSums(o)
}

func ownerSums(o decisions.Owner) string {
	text := fmt.Sprintf("%d planned, %s left", o.Planned, worth(o.Points))
	for _, part := range []struct {
		count int
		word  string
	}{{o.Overdue, "overdue"}, {o.Due, fmt.Sprintf("due in %d days", decisions.Ahead)}, {o.Expired, "expired"}, {o.Expiring, fmt.Sprintf("to expire in %d days", decisions.Ahead)}} {
		if part.count > 0 {
			text += fmt.Sprintf(", %d %s", part.count, part.word)
		}
	}
	return text
}

// standingWords returns where a decision stands, with the day that matters.
func standingWords(i decisions.Item) string {
	switch i.State {
	case decisions.Expired:
		return "expired " + i.Expires
	case decisions.Expiring:
		return "expires " + i.Expires
	case decisions.Overdue:
		return "overdue since " + i.Due
	case decisions.Due:
		return "due " + i.Due
	case decisions.Planned:
		return strings.TrimSpace("planned " + i.Due)
	case decisions.Standing, decisions.Open:
		return spaced(string(i.Status))
	}
	return spaced(string(i.State))
}

// sheet is a row for each decision.
func (page Owners) sheet() sheet {
	s := sheet{title: "Decisions", heads: []head{
		{name: "Owner"},
		{name: "State"},
		{name: "ID"},
		{name: "Recommended action"},
		{name: "Status"},
		{name: "Points left", number: true},
		{name: "Effort", number: true},
		{name: "Due", number: true, date: true},
		{name: "Days until due", number: true},
		{name: "Expires", number: true, date: true},
		{name: "Days until expiry", number: true},
		{name: "Outcome"},
		{name: "Reason"},
		{name: "Approved by"},
		{name: "Ticket"},
		{name: "Tags"},
	}}
	for _, o := range page.Owners {
		for _, i := range o.Items {
			s.rows = append(s.rows, []string{
				i.Owner, spaced(string(i.State)), i.ID, i.Title, portalStatus(&engine.Action{Status: i.Status}), i.Left.String(), strconv.Itoa(i.Effort),
				i.Due, optional(i.DueIn), i.Expires, optional(i.EndsIn), spaced(string(i.Outcome)), i.Reason, i.Approved, i.Ticket, strings.Join(i.Tags, ", "),
			})
		}
	}
	return s
}

// sheets begins with a row for each owner.
func (page Owners) sheets() []sheet {
	days := fmt.Sprintf(" in %d days", decisions.Ahead)
	s := sheet{title: "Owners", heads: []head{
		{name: "Owner"},
		{name: "Planned", number: true},
		{name: "Points left", number: true},
		{name: "Effort", number: true},
		{name: "Overdue", number: true},
		{name: "Due" + days, number: true},
		{name: "Expired", number: true},
		{name: "To expire" + days, number: true},
	}}
	for _, o := range page.Owners {
		name := o.Name
		if name == "" {
			name = "Nobody"
		}
		s.rows = append(s.rows, []string{
			name, strconv.Itoa(o.Planned), o.Points.String(), strconv.Itoa(o.Effort), strconv.Itoa(o.Overdue), strconv.Itoa(o.Due),
			strconv.Itoa(o.Expired), strconv.Itoa(o.Expiring),
		})
	}
	return []sheet{s, page.sheet()}
}

func optional(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
