package report

import (
	"fmt"
	"net/url"
	"strings"
)

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
