package report

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/collect"
)

func TestCollection(t *testing.T) {
	users := collect.Dataset{
		Name: "entra.users", Title: "Users", Kind: "population", Service: collect.Graph, Controls: []collect.Control{}, Points: 70_00,
		Ways: []collect.Way{{Service: collect.Graph, From: "GET /v1.0/users", Permission: "User.Read.All"}},
	}
	for i := range 14 {
		users.Controls = append(users.Controls, collect.Control{ID: "Control" + string(rune('A'+i)), Points: 5_00})
	}
	plan := &collect.Plan{
		Licenses: []string{"AAD_PREMIUM"}, Products: []string{}, Controls: 16, Points: 71_00, LeftOut: 1,
		Permissions: []collect.Permission{
			{Service: collect.Graph, Name: "Organization.Read.All", Datasets: []string{"entra.organization", "entra.subscribed_skus"}},
			{Service: collect.Graph, Name: "User.Read.All", Datasets: []string{"entra.users"}},
		},
		Modules: []collect.Module{{
			Service: collect.Exchange, Name: "ExchangeOnlineManagement", Connect: "Connect-ExchangeOnline",
			Cmdlets: []string{"Get-EXOMailbox", "Get-MailboxAuditBypassAssociation"}, Roles: []string{"Global Reader"},
		}},
		Datasets: []collect.Dataset{
			{
				Name: "entra.organization", Title: "Organization", Kind: "document", Service: collect.Graph, Purpose: "names the tenant",
				Ways: []collect.Way{{Service: collect.Graph, From: "GET /v1.0/organization", Permission: "Organization.Read.All"}}, Controls: []collect.Control{},
			},
			users,
			{
				Name: "exchange.mailboxes", Title: "Mailboxes", Kind: "population", Service: collect.Exchange, Points: 1_00,
				Ways: []collect.Way{
					{Service: collect.Exchange, From: "Get-EXOMailbox", Permission: "Global Reader"},
					{Service: collect.Exchange, From: "Get-MailboxAuditBypassAssociation", Permission: "Global Reader"},
				},
				Controls: []collect.Control{{ID: "Audit\x1b[2J", Points: 1_00}},
			},
			{
				Name: "attestation.claims", Title: "Claims", Kind: "list", Service: collect.Hand, Advice: "Write down who vouches for what.",
				Ways: []collect.Way{{Service: collect.Hand, From: "written by the organization"}}, Controls: []collect.Control{{ID: "Vouched"}},
			},
		},
	}
	golden(t, "collection", "table", Style{}, Collection{plan})
	golden(t, "collection-narrow-color", "table", Style{Color: true, Width: 72}, Collection{plan})
	golden(t, "collection-none", "table", Style{}, Collection{&collect.Plan{LeftOut: 2}})
	text := golden(t, "collection-json", "json", Style{}, Collection{plan})
	if !strings.HasPrefix(text, "{\n  \"schema_version\": \"1\"") {
		t.Errorf("it begins with %.40q", text)
	}
}
