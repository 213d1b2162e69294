package collect

import (
	"strings"

	"github.com/posture-score/posture/schemas"
)

// Service is what is asked for evidence.
type Service string

// The services, in the order in which a plan names them.
const (
	Graph      Service = "graph"
	Defender   Service = "defender"   // Defender for Endpoint's own interface
	Management Service = "management" // the Office 365 Management APIs
	Exchange   Service = "exchange"
	Purview    Service = "purview"
	Teams      Service = "teams"
	SharePoint Service = "sharepoint"
	DNS        Service = "dns"
	Hand       Service = "hand" // no service: somebody writes a file
)

// Services returns all services in their order.
func Services() []Service {
	return []Service{Graph, Defender, Management, Exchange, Purview, Teams, SharePoint, DNS, Hand}
}

// Module is what PowerShell needs to ask a service.
type Module struct {
	Service Service  `json:"service"`
	Name    string   `json:"name"`    // in the PowerShell Gallery
	Connect string   `json:"connect"` // the cmdlet that signs in
	Cmdlets []string `json:"cmdlets"` // sorted
	Roles   []string `json:"roles"`   // any role that the schemas name for them; sorted
}

// moduleOf gives the module of a service that is asked by cmdlets (Microsoft Learn: "About the Exchange Online PowerShell module",
// "Connect to Security & Compliance PowerShell", "Teams PowerShell overview", "Get started with the SharePoint Online Management
// Shell").
func moduleOf(service Service) (Module, bool) {
	switch service {
	case Exchange:
		return Module{Service: service, Name: "ExchangeOnlineManagement", Connect: "Connect-ExchangeOnline"}, true
	case Purview:
		return Module{Service: service, Name: "ExchangeOnlineManagement", Connect: "Connect-IPPSSession"}, true
	case Teams:
		return Module{Service: service, Name: "MicrosoftTeams", Connect: "Connect-MicrosoftTeams"}, true
	case SharePoint:
		return Module{Service: service, Name: "Microsoft.Online.SharePoint.PowerShell", Connect: "Connect-SPOService"}, true
	}
	return Module{}, false
}

// Requested reports whether a service is asked by plain requests, each with a token of the service, rather than by cmdlets.
func (s Service) Requested() bool { return s == Graph || s == Defender || s == Management }

// serviceOf tells which service a source of a dataset belongs to. Purview's cmdlets can't be told from Exchange's by their name; its
// datasets can.
func serviceOf(dataset string, source schemas.Source) Service {
	switch {
	case strings.HasPrefix(source.Cmdlet, "Get-Cs"):
		return Teams
	case strings.HasPrefix(source.Cmdlet, "Get-SPO"):
		return SharePoint
	case source.Cmdlet != "" && strings.HasPrefix(dataset, "purview."):
		return Purview
	case source.Cmdlet != "":
		return Exchange
	case strings.HasPrefix(source.Endpoint, "GET /"):
		return Graph
	case strings.HasPrefix(source.Endpoint, "GET https://api.security.microsoft.com/"):
		return Defender
	case strings.HasPrefix(source.Endpoint, "GET https://manage.office.com/"):
		return Management
	case strings.HasPrefix(source.Endpoint, "DNS "):
		return DNS
	}
	return Hand
}
