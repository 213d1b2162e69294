package collect

import (
	"regexp"
	"strings"

	"github.com/posture-score/posture/schemas"
)

// Service is where evidence is collected from.
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
	Hand       Service = "hand" // no service: people write a file
)

// Services returns all services in their order.
func Services() []Service {
	return []Service{Graph, Defender, Management, Exchange, Purview, Teams, SharePoint, DNS, Hand}
}

// Module is the PowerShell module of a service.
type Module struct {
	Service Service  `json:"service"`
	Name    string   `json:"name"`    // in the PowerShell Gallery
	Connect string   `json:"connect"` // the cmdlet that signs in
	Cmdlets []string `json:"cmdlets"` // sorted
	Roles   []string `json:"roles"`   // any role that the schemas name for them; sorted
}

// moduleOf returns the module of a service that has cmdlets (Microsoft Learn: "About the Exchange
// Online PowerShell module", "Connect to Security & Compliance PowerShell", "Teams PowerShell
// overview", "Get started with the SharePoint Online Management Shell").
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

// Requested reports whether a service is collected from by HTTP requests with a token of the
// service, and not by cmdlets.
func (s Service) Requested() bool { return s == Graph || s == Defender || s == Management }

// ownRequest is the form of an endpoint that scripts request for a dataset of a catalog's own.
var ownRequest = regexp.MustCompile(`^GET /(v1\.0|beta)/[A-Za-z0-9_./-]+$`)

// serviceOf returns the service of a source of a dataset. Cmdlets of Purview and of Exchange differ
// in nothing but the datasets that they are for, so other cmdlets of a dataset of a catalog's own
// are for people to run.
func serviceOf(dataset string, source schemas.Source, own bool) Service {
	switch {
	case strings.HasPrefix(source.Cmdlet, "Get-Cs"):
		return Teams
	case strings.HasPrefix(source.Cmdlet, "Get-SPO"):
		return SharePoint
	case own && !ownRequest.MatchString(source.Endpoint):
		return Hand
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
