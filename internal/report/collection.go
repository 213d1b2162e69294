package report

import (
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/collect"
)

// Collection is the page of what to collect: first the permissions to ask for, then each dataset with its sources and its readers.
type Collection struct{ Plan *collect.Plan }

func (page Collection) document() any {
	return struct {
		SchemaVersion string `json:"schema_version"`
		*collect.Plan
	}{schemaVersion, page.Plan}
}

func (page Collection) table(p *printer) {
	plan := page.Plan
	p.printf("%s\n", p.bold(fmt.Sprintf("To collect for %s worth %s", plural(plan.Controls, "control"), worth(plan.Points))))
	if plan.LeftOut > 0 {
		p.printf("Left out: %s that other licenses are needed for.\n", plural(plan.LeftOut, "control"))
	}
	if len(plan.Datasets) == 0 {
		p.printf("Nothing has to be collected.\n")
		return
	}
	p.permissions(plan)
	p.modules(plan)
	for i, d := range plan.Datasets {
		if i == 0 || d.Service != plan.Datasets[i-1].Service {
			p.printf("\n%s\n", p.bold(serviceTitle(d.Service)))
		}
		p.collected(d)
	}
}

func (p *printer) permissions(plan *collect.Plan) {
	if len(plan.Permissions) == 0 {
		return
	}
	p.title("Permissions")
	t := grid{indent: "  ", columns: []gridColumn{{head: "SERVICE", drop: 1}, {head: "PERMISSION", id: true}, {head: "DATASETS", least: leastText, wraps: true}}}
	for _, permission := range plan.Permissions {
		t.add(serviceTitle(permission.Service), permission.Name, strings.Join(permission.Datasets, ", "))
	}
	p.grid(&t)
}

func (p *printer) modules(plan *collect.Plan) {
	if len(plan.Modules) == 0 {
		return
	}
	p.title("PowerShell")
	for _, module := range plan.Modules {
		as := ""
		if len(module.Roles) > 0 {
			as = ", as " + strings.Join(module.Roles, " or ")
		}
		p.hang("  ", clean(fmt.Sprintf("%s, module %s, %s%s", serviceTitle(module.Service), module.Name, module.Connect, as)), plain)
		p.hang("    ", clean(strings.Join(module.Cmdlets, ", ")), p.faint)
	}
}

// maxReaders is how many controls the text names for a dataset; the JSON and the scripts name all.
const maxReaders = 12

// collected prints one dataset.
func (p *printer) collected(d collect.Dataset) {
	p.printf("  %s  %s\n", p.bold(d.Name), clean(d.Title))
	for i, way := range d.Ways {
		lead := "from"
		switch {
		case i > 0 && d.AnyWay:
			lead = "or"
		case i > 0:
			lead = "and"
		}
		text := way.From
		if way.Permission != "" {
			text += " (" + way.Permission + ")"
		}
		p.hang("    "+pad(lead, 4)+"  ", clean(text), plain)
		if way.Query != "" { // on one line, to be copied
			p.printf("    with  %s\n", clean(way.Query))
		}
	}
	if d.Advice != "" {
		p.hang("    do    ", clean(d.Advice), plain)
	}
	if d.Purpose != "" {
		p.hang("    why   ", clean(d.Purpose), plain)
	}
	if len(d.Controls) > 0 {
		p.hang("    for   ", clean(readers(d)), p.faint)
	}
}

func readers(d collect.Dataset) string {
	var names []string
	for _, control := range d.Controls[:min(maxReaders, len(d.Controls))] {
		names = append(names, fmt.Sprintf("%s (%s)", control.ID, control.Points))
	}
	text := fmt.Sprintf("%s, %s: %s", plural(len(d.Controls), "control"), worth(d.Points), strings.Join(names, ", "))
	if more := len(d.Controls) - maxReaders; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func serviceTitle(service collect.Service) string {
	switch service {
	case collect.Graph:
		return "Microsoft Graph"
	case collect.Defender:
		return "Defender for Endpoint"
	case collect.Management:
		return "Office 365 Management APIs"
	case collect.Exchange:
		return "Exchange Online"
	case collect.Purview:
		return "Purview"
	case collect.Teams:
		return "Microsoft Teams"
	case collect.SharePoint:
		return "SharePoint Online"
	case collect.DNS:
		return "DNS"
	}
	return "By hand"
}
