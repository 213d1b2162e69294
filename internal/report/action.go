package report

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/actions"
)

// Action is the page of one action: what it is, how far it is and why, what was decided, and what to do.
type Action struct {
	Assessment *engine.Assessment
	Action     *engine.Action
	Catalog    *catalog.Catalog
	Control    *catalog.Control // nil if the catalog has no control of that id: the assessment was made with another catalog
	Keys       int              // how many failing records the text names at most; 0 means 20
	Share      bool             // the text says how to pass it on
}

// policy is the source of an action in the catalog, and whether it is the source that was evaluated.
type policy struct {
	Place   string `json:"place"` // file:line
	Package string `json:"package,omitempty"`
	Digest  string `json:"digest"` // of the control in the catalog
	Same    bool   `json:"same"`   // as the digest in the assessment
}

func (page *Action) policy() *policy {
	c := page.Control
	if c == nil {
		return nil
	}
	return &policy{Place: controlPlace(c), Package: c.RulePackage(), Digest: c.Digest, Same: c.Digest == page.Action.Digest}
}

func (page Action) document() any {
	return struct {
		header
		Action  *engine.Action   `json:"action"`
		Ranking *actions.Ranking `json:"ranking"`
		Control *catalog.Control `json:"control"`
		Policy  *policy          `json:"policy"`
		Share   share            `json:"share"`
	}{newHeader(page.Assessment), page.Action, actions.Rank(page.Assessment, page.Action), page.Control, page.policy(), page.share()}
}

func (page Action) text(p *printer) {
	a := page.Action
	p.hang("", clip(clean(a.Title), maxText), p.bold)
	p.hang("", fmt.Sprintf("%s in %s, as of %s", clean(a.ID), clean(tenantName(page.Assessment)), page.Assessment.EvaluatedAt.Format("2006-01-02 15:04 MST")), p.faint)
	if page.Control != nil && page.Control.Description != "" {
		p.printf("\n")
		p.hang("", clean(page.Control.Description), plain)
	}
	p.glance(&page)
	p.points(&page)
	p.decision(a)
	p.bullets("Findings", a.Findings)
	p.needs(&page)
	if page.Control != nil {
		p.implementation(page.Control)
	}
	p.source(&page)
	if page.Share {
		p.share(page.share())
	}
}

func tenantName(a *engine.Assessment) string {
	switch {
	case a.Tenant.Name != "":
		return a.Tenant.Name
	case a.Tenant.ID != "":
		return a.Tenant.ID
	}
	return "Unnamed tenant"
}

func (p *printer) title(text string) {
	p.printf("\n")
	p.hang("", text, p.bold)
}

func (p *printer) bullets(title string, list []string) {
	if len(list) == 0 {
		return
	}
	p.title(title)
	for _, text := range list {
		p.hang("  - ", clip(clean(text), maxText), plain)
	}
}

func (p *printer) glance(page *Action) {
	a := page.Action
	p.title("At a glance")
	p.field("category", a.Category)
	product := a.Product
	if known, ok := page.Catalog.Product(a.Product); ok {
		product = fmt.Sprintf("%s (%s)", known.Title, a.Product)
	}
	p.field("product", product)
	p.field("tier", spaced(a.Tier))
	p.field("threats", spaced(strings.Join(a.Threats, ", ")))
	p.field("difficulty", a.Difficulty)
	p.field("user impact", a.UserImpact)
	p.field("complexity", a.Complexity)
	ranking := actions.Rank(page.Assessment, a)
	if ranking.Why != "" {
		p.field("rank", "none: "+ranking.Why)
	} else {
		p.field("rank", fmt.Sprintf("%d of %d, would add %s percent points", ranking.Rank, ranking.Of, hundredths(a.Impact)))
	}
	p.field("frameworks", strings.Join(references(a.Frameworks), ", "))
}

// usualKeys is how many failing records a page names by default; the JSON has more.
const usualKeys = 20

// previewed explains the stage preview.
const previewed = "preview: in no total, whatever the outcome"

// points prints what an action earns, and why.
func (p *printer) points(page *Action) {
	a := page.Action
	p.title("Points")
	p.field("achieved", fmt.Sprintf("%s of %s, %s", a.Points.Achieved, worth(a.Points.Max), spaced(string(a.Outcome))))
	if a.Stage == engine.Preview {
		p.field("stage", previewed)
	}
	if a.Points.ByEvidence != a.Points.Achieved {
		p.field("by evidence", fmt.Sprintf("%s; the status %s earns the rest", a.Points.ByEvidence, spaced(string(a.Status))))
	}
	if a.Everyone {
		p.field("coverage", "for everyone, by policy; no records were counted")
	}
	if c := a.Coverage; c != nil {
		p.field("coverage", fmt.Sprintf("%d of %d comply; %d in scope of %s looked at", c.Compliant, c.InScope, c.InScope, plural(c.Records, "record")))
	}
	if a.Fraction != "" {
		p.field("fraction", clip(string(a.Fraction), maxName))
	}
	for i, reason := range a.Reasons {
		p.field(first(i, "because"), clip(reason, maxText))
	}
	most := cmp.Or(page.Keys, usualKeys)
	if f := a.Failing; f != nil {
		p.some("failing", names(f.Shown[:min(len(f.Shown), most)]), f.Total)
	}
	if x := a.Excluded; x != nil {
		var texts []string
		for _, exclusion := range x.Shown[:min(len(x.Shown), most)] {
			text := engine.Record{Key: exclusion.Key, Label: exclusion.Label}.String() + ": " + exclusion.Reason
			if exclusion.Expires != nil {
				text += ", until " + date(exclusion.Expires)
			}
			texts = append(texts, text)
		}
		p.some("excluded", texts, x.Total)
	}
}

// some prints the first of a number of records, one a line, and how many there are more.
func (p *printer) some(name string, shown []string, total int64) {
	for i, text := range shown {
		p.field(first(i, name), clip(text, maxText))
	}
	if rest := total - int64(len(shown)); rest > 0 {
		p.field(first(len(shown), name), strings.TrimSpace(more(rest)))
	}
}

// first returns the name of a field of several lines for the first line, and a blank for the others.
func first(i int, name string) string {
	if i > 0 {
		return " "
	}
	return name
}

// decision prints what the organization decided.
func (p *printer) decision(a *engine.Action) {
	p.title("Status")
	p.field("status", spaced(string(a.Status)))
	if x := a.Exception; x != nil {
		p.field("exception", spaced(string(a.Status))+", in vulnerability management")
		p.field("reason", clip(x.Text, maxText))
		made := x.By
		if x.Created != nil {
			made = strings.TrimSpace(date(x.Created) + " " + x.By)
		}
		p.field("made", clip(made, maxText))
		p.field("expires", date(x.Expires))
	}
	d := a.Decision
	if d == nil {
		return
	}
	if d.Status != "" && d.Status != a.Status {
		p.field("registered", spaced(string(d.Status))+", which has no effect: see the findings")
	}
	p.field("reason", d.Reason)
	p.field("owner", d.Owner)
	p.field("due", date(d.Due))
	p.field("expires", date(d.Expires))
	p.field("approved by", d.ApprovedBy)
	p.field("ticket", d.Ticket)
	p.field("tags", strings.Join(d.Tags, ", "))
	if d.ChangedBy != "" && d.ChangedAt != nil {
		p.field("changed", d.ChangedAt.UTC().Format("2006-01-02 15:04")+" "+d.ChangedBy)
	}
	for i, note := range d.Notes {
		p.field(first(i, "notes"), fmt.Sprintf("%s %s: %s", note.Time.UTC().Format("2006-01-02 15:04"), note.Author, note.Text))
	}
}

// needs prints the prerequisites of an action, and whether they are met.
func (p *printer) needs(page *Action) {
	if len(page.Action.Prerequisites) == 0 {
		return
	}
	p.title("Prerequisites")
	for _, need := range page.Action.Prerequisites {
		p.hang("  - ", clip(clean(page.need(need)), maxText), plain)
	}
	if !page.Assessment.Evidence.Licenses {
		p.hang("  ", "The evidence tells no licenses, so each one counts as held.", p.faint)
	}
}

// licenseOf returns which license an action requires. A license with a name is named without its service plans.
func licenseOf(need engine.Prerequisite) string {
	if need.License != "" {
		return "a license of " + need.License
	}
	return oneOfPlans(need.ServicePlans)
}

func (page *Action) need(need engine.Prerequisite) string {
	if need.Control == "" {
		state := "held"
		if !need.Met {
			state = "missing"
		}
		return licenseOf(need) + ": " + state
	}
	state := "done"
	if !need.Met {
		state = "open"
	}
	if other, ok := actions.Get(page.Assessment, need.Control); ok {
		return fmt.Sprintf("%s (%s): %s, %s", other.Title, other.ID, state, spaced(string(other.Status)))
	}
	return need.Control + ": " + state
}

// source prints where the policy is declared.
func (p *printer) source(page *Action) {
	p.title("Policy")
	known := page.policy()
	if known == nil {
		p.field("digest", page.Action.Digest)
		p.hang("  ", "The catalog at hand has no such control: this assessment was made with another one.", plain)
		return
	}
	p.field("declared at", known.Place)
	p.field("rule", known.Package)
	p.field("source", page.Control.Source)
	p.field("digest", page.Action.Digest)
	if !known.Same {
		p.hang("  ", fmt.Sprintf("The catalog at hand has another text of this control, %s: what is said above of steps, impact and source "+
			"may not be what was assessed.", known.Digest), plain)
	}
}

// share is a summary of an action to send to others: as a mail and as a chat message.
type share struct {
	Policy string `json:"policy,omitempty"` // file:line
	Mailto string `json:"mailto"`
	Chat   string `json:"chat"`
}

func (page *Action) share() share {
	a := page.Action
	known := page.policy()
	s := share{}
	subject := fmt.Sprintf("%s (%s)", clip(clean(a.Title), maxText), clip(clean(a.ID), maxName))
	state := fmt.Sprintf("%s of %s, %s", a.Points.Achieved, worth(a.Points.Max), spaced(string(a.Status)))
	body := []string{subject, "", "Tenant: " + clean(tenantName(page.Assessment)), "As of: " + page.Assessment.EvaluatedAt.Format("2006-01-02 15:04 MST"), "Points: " + state}
	chat := fmt.Sprintf("%s: %s", subject, state)
	if a.Rank > 0 {
		body = append(body, fmt.Sprintf("Rank: %d", a.Rank))
		chat += fmt.Sprintf(", rank %d", a.Rank)
	}
	if known != nil {
		s.Policy = known.Place
		body = append(body, "Policy: "+known.Place)
		chat += ", " + known.Place
		if manage := page.Control.Implementation.ManageURL; manage != "" {
			body = append(body, "Manage: "+manage)
			chat += ", " + manage
		}
	}
	s.Mailto = "mailto:?subject=" + mailed("Recommended action: "+subject) + "&body=" + mailed(strings.Join(body, "\r\n"))
	s.Chat = clean(chat)
	return s
}

// mailed encodes text for a mailto link (RFC 6068), where a space is %20 and not a plus sign.
func mailed(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }

func (p *printer) share(s share) {
	p.title("Share")
	p.field("policy", s.Policy)
	// A wrapped URL is no longer clickable.
	p.printf("  %s  %s\n", p.faint(pad("mail", 13)), s.Mailto)
	p.field("chat", s.Chat)
}
