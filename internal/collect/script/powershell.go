package script

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/internal/collect"
)

// PowerShell writes a script that collects everything of a plan that a service returns, and makes a
// bundle of it.
func PowerShell(w io.Writer, plan *collect.Plan) error {
	p := &page{Plan: plan, Uses: map[string]bool{}}
	// The cmdlets of Purview hide those of Exchange with the same name, so those of Exchange come
	// first; DNS gets its domains from Exchange.
	for _, service := range []collect.Service{
		collect.Graph, collect.Defender, collect.Management, collect.Exchange, collect.DNS, collect.Purview, collect.Teams, collect.SharePoint,
	} {
		s, err := p.section(service)
		if err != nil {
			return err
		}
		if len(s.Items) > 0 {
			p.Sections = append(p.Sections, s)
		}
	}
	for _, d := range plan.Datasets {
		if d.Service == collect.Hand {
			p.Hand = append(p.Hand, d)
		}
	}
	for _, permission := range plan.Permissions {
		if permission.Service == collect.Graph {
			p.Graph = append(p.Graph, permission.Name)
		}
	}
	p.join()
	return render(w, "PowerShell", powershellText, p)
}

// late is 1 for a dataset that comes about where another is collected, and 0 for others.
func late(i item) int {
	if i.Name == collect.MemberLists {
		return 1
	}
	return 0
}

// join puts DNS into the section of Exchange: it needs the same session.
func (p *page) join() {
	dns := slices.IndexFunc(p.Sections, func(s section) bool { return s.Service == collect.DNS })
	if dns < 0 {
		return
	}
	if dns > 0 && p.Sections[dns-1].Service == collect.Exchange {
		p.Sections[dns-1].Items = append(p.Sections[dns-1].Items, p.Sections[dns].Items...)
		p.Sections = slices.Delete(p.Sections, dns, dns+1)
		return
	}
	items := p.Sections[dns].Items
	p.Sections[dns] = connection(collect.Exchange)
	p.Sections[dns].Items = items
}

func (p *page) section(service collect.Service) (section, error) {
	s := connection(service)
	for _, d := range p.Plan.Datasets {
		if d.Service != service {
			continue
		}
		if err := check(d); err != nil {
			return s, err
		}
		commands, err := p.commands(d)
		if err != nil {
			return s, err
		}
		s.Items = append(s.Items, item{Dataset: d, Commands: commands})
		p.Uses[string(service)] = true
	}
	// Facts of members are known once the members were fetched.
	slices.SortStableFunc(s.Items, func(a, b item) int { return cmp.Compare(late(a), late(b)) })
	return s, nil
}

// connection says how a service is signed in to and out of. Graph's session is the one of whoever
// runs the script, if there is one. The other services sign in for themselves, so each reports its
// tenant: Graph's is that of the bundle. SharePoint's tenant follows from its address alone, which
// the user types.
func connection(service collect.Service) section {
	s := section{Service: service}
	switch service {
	case collect.Graph:
		s.Title, s.Connect, s.End = "Microsoft Graph", "Connect-Graph", ""
	case collect.Defender:
		s.Title, s.Connect = "Defender for Endpoint", "if (-not $env:DEFENDER_TOKEN) { throw 'there is no token in DEFENDER_TOKEN' }"
		s.Tenant = "Get-TokenTenant $env:DEFENDER_TOKEN"
	case collect.Management:
		s.Title, s.Connect = "Office 365 Management APIs", "if (-not $env:MANAGEMENT_TOKEN) { throw 'there is no token in MANAGEMENT_TOKEN' }"
		s.Tenant = "Get-TokenTenant $env:MANAGEMENT_TOKEN"
	case collect.Exchange:
		s.Title, s.Connect = "Exchange Online", "Connect-ExchangeOnline -ShowBanner:$false -ErrorAction Stop"
		s.Tenant = "Get-ConnectionInformation | Where-Object { $_.State -eq 'Connected' -and -not $_.IsEopSession } | ForEach-Object { $_.TenantID }"
		s.End = "Disconnect-ExchangeOnline -Confirm:$false -ErrorAction SilentlyContinue"
	case collect.Purview:
		s.Title, s.Connect = "Purview", "Connect-IPPSSession -ShowBanner:$false -ErrorAction Stop"
		s.Tenant = "Get-ConnectionInformation | Where-Object { $_.State -eq 'Connected' -and $_.IsEopSession } | ForEach-Object { $_.TenantID }"
		s.End = "Disconnect-ExchangeOnline -Confirm:$false -ErrorAction SilentlyContinue"
	case collect.Teams:
		s.Title, s.Connect = "Microsoft Teams", "Connect-MicrosoftTeams -ErrorAction Stop | Out-Null"
		s.Tenant = "(Get-CsTenant -ErrorAction Stop).TenantId"
		s.End = "Disconnect-MicrosoftTeams -ErrorAction SilentlyContinue"
	case collect.SharePoint:
		s.Title, s.Connect = "SharePoint Online", "Connect-SPOService -Url $SharePointAdminUrl -ErrorAction Stop"
		s.End = "Disconnect-SPOService -ErrorAction SilentlyContinue"
	}
	return s
}

// commands returns those that fetch a dataset: one for each alternative, or one for all parts.
func (p *page) commands(d collect.Dataset) ([]string, error) {
	switch {
	case d.Service.Requested():
		var commands []string
		for _, way := range d.Ways {
			if way.Service.Requested() {
				commands = append(commands, p.request(d, way))
			}
		}
		return commands, nil
	case d.Service == collect.DNS:
		p.Uses["Get-TextRecord"] = true
		return []string{"Get-TextRecord"}, nil
	}
	p.Uses["cmdlets"] = true
	fields, err := selection(d.Shape)
	if err != nil {
		return nil, fmt.Errorf("dataset %s: %w", d.Name, err)
	}
	if own := ownFunction(d.Name); own != "" {
		p.Uses[own] = true
		return []string{own + fields}, nil
	}
	var parts []string
	for _, way := range d.Ways {
		parts = append(parts, way.From+arguments(way.From)+" -ErrorAction Stop"+fields)
	}
	return []string{strings.Join(parts, "\n    ")}, nil
}

// request returns the command that queries an endpoint.
func (p *page) request(d collect.Dataset, way collect.Way) string {
	address := strings.TrimPrefix(way.From, "GET ")
	switch {
	case way.Service == collect.Defender:
		p.Uses["Get-DefenderList"] = true
		return "Get-DefenderList " + quotePowerShell(address)
	case way.Service == collect.Management:
		p.Uses["Get-ManagementList"] = true
		return "Get-ManagementList " + quotePowerShell(address)
	case strings.Contains(address, "{id}"):
		p.Uses["Get-MemberList"] = true
		if d.Name == collect.MemberLists {
			return "$MemberLists"
		}
		return "Get-MemberList " + quotePowerShell(query(way, address))
	case strings.HasPrefix(address, "/beta/admin/"):
		// The settings are in an object of their own there (Microsoft Graph, resources adminForms
		// and adminAppsAndServices).
		return "Get-GraphDocument " + quotePowerShell(address) + " -Inside 'settings'"
	case string(d.Kind) == "document":
		return "Get-GraphDocument " + quotePowerShell(address)
	}
	return "Get-GraphList " + quotePowerShell(query(way, address))
}

// query adds the query of an endpoint. Users, groups and members come with a hundred to a page,
// unless more are requested (Microsoft Graph, "List users", "List groups", "List group transitive
// members").
func query(way collect.Way, address string) string {
	switch {
	case strings.Contains(address, "{id}"):
		return address + "?$select=id&$top=999"
	case strings.HasPrefix(way.Query, "$select="):
		return address + "?" + way.Query + "&$top=999"
	case way.Query != "":
		return address + "?" + way.Query
	}
	return address
}

// arguments are those that a cmdlet needs to return everything: some stop at a thousand (Microsoft
// Learn, "ExchangePowerShell").
func arguments(cmdlet string) string {
	switch cmdlet {
	case "Get-TransportRule", "Get-AcceptedDomain", "Get-DistributionGroup", "Get-UnifiedGroup":
		return " -ResultSize Unlimited"
	}
	return ""
}

// ownFunction names the function of the script that makes a dataset whose records no cmdlet returns
// whole.
func ownFunction(dataset string) string {
	switch dataset {
	case "exchange.mailboxes":
		return "Get-MailboxRecord"
	case "exchange.group_members":
		return "Get-MailGroupMember"
	}
	return ""
}

// selection picks the fields that the schema names: nothing else is saved. Those that are lists
// stay lists, whatever is in them.
func selection(shape map[string]any) (string, error) {
	properties, _ := shape["properties"].(map[string]any)
	var values, numbers, lists []string
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if !fieldName.MatchString(name) {
			return "", fmt.Errorf("the field %q can't stand in a script", name)
		}
		property, _ := properties[name].(map[string]any)
		switch kinds := fmt.Sprint(property["type"]); {
		case kinds == "array":
			lists = append(lists, name)
		case strings.Contains(kinds, "integer") || strings.Contains(kinds, "number"):
			numbers = append(numbers, name)
		default:
			values = append(values, name)
		}
	}
	text := " | Select-Field"
	if len(values) > 0 {
		text += " -Values " + array(values)
	}
	if len(numbers) > 0 {
		text += " -Numbers " + array(numbers)
	}
	if len(lists) > 0 {
		text += " -Lists " + array(lists)
	}
	return text, nil
}

// array writes names as an array over as many lines as they need.
func array(names []string) string {
	var b strings.Builder
	b.WriteString("@(")
	used := noteWidth
	for i, name := range names {
		quoted := quotePowerShell(name)
		if i > 0 {
			b.WriteByte(',')
		}
		if used+len(quoted)+2 > noteWidth {
			b.WriteString("\n       ")
			used = 7
		}
		b.WriteString(" " + quoted)
		used += len(quoted) + 2
	}
	return b.String() + ")"
}
