package catalog

import (
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/suggest"
)

// License is what a tenant holds if its subscriptions include any one of some service plans.
type License struct {
	ID    string
	Title string
	Plans []ServicePlan // sorted by name; those of included licenses too

	where hcl.Range

	includes []string
	fallback bool // it yields to a declaration of the same id
}

// ServicePlan is a part of subscriptions, such as EXCHANGE_S_STANDARD.
type ServicePlan struct {
	Name string
	ID   string // a GUID, or "" if it is not known
}

// Plans returns the names and the ids of the alternative service plans. A tenant has a plan by
// either, in any case.
func (p *Prerequisite) Plans() []string { return slices.Concat(p.ServicePlans, p.PlanIDs) }

// Plans returns the names and the ids of the service plans; any one of them includes the product.
func (p *Product) Plans() []string { return slices.Concat(p.ServicePlans, p.PlanIDs) }

// License returns the license of that id.
func (c *Catalog) License(id string) (*License, bool) {
	license, ok := c.licenses[id]
	return license, ok
}

// Licenses returns the licenses, sorted by id.
func (c *Catalog) Licenses() []*License {
	licenses := make([]*License, 0, len(c.licenses))
	for _, id := range sortedKeys(c.licenses) {
		licenses = append(licenses, c.licenses[id])
	}
	return licenses
}

func (l *loader) addLicense(block licenseBlock, fallback bool) {
	if !validProduct.MatchString(block.ID) {
		l.errorf(block.Range, "Invalid license id", "An id is lower-case letters, digits and underscores, and starts with a letter: %q is not.", clip(block.ID))
	}
	if first, ok := l.catalog.licenses[block.ID]; ok && !first.fallback {
		l.errorf(block.Range, "Duplicate license", "The license %s is declared at %s already.", block.ID, place(first.where))
		return
	}
	l.catalog.licenses[block.ID] = &License{
		ID: block.ID, Title: block.Title, Plans: l.plans(block), where: block.Range, includes: sortedSet(block.Includes), fallback: fallback,
	}
}

var validPlanID = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// plans reads the plans of a license: a map of names to ids, or a list of names.
func (l *loader) plans(block licenseBlock) []ServicePlan {
	const how = "Map the names of the plans to their ids, as in plans = { EXCHANGE_S_STANDARD = \"9aaf7827-d63c-4b61-89c3-182f06f82e5c\" }, or list their names."
	var plans []ServicePlan
	if absent(block.Plans, nil) {
		return nil
	}
	value, diags := block.Plans.Value(nil)
	if l.add(diags); diags.HasErrors() {
		return nil
	}
	decoded, _ := plain(value)
	switch decoded := decoded.(type) {
	case map[string]any:
		for _, name := range sortedKeys(decoded) {
			id, _ := decoded[name].(string)
			plans = append(plans, ServicePlan{Name: name, ID: strings.ToLower(id)})
			if !validPlanID.MatchString(id) {
				l.errorf(block.Plans.Range(), "Invalid service plan", "Give the id of %q, such as \"9aaf7827-d63c-4b61-89c3-182f06f82e5c\", or list the plans by their names alone.", clip(name))
			}
		}
	case []any:
		for _, entry := range decoded {
			name, _ := entry.(string)
			plans = append(plans, ServicePlan{Name: name})
		}
	default:
		plans = []ServicePlan{{}}
	}
	if slices.ContainsFunc(plans, func(p ServicePlan) bool { return strings.TrimSpace(p.Name) == "" }) {
		l.errorf(block.Plans.Range(), "Invalid service plans", how)
		return nil
	}
	slices.SortFunc(plans, func(a, b ServicePlan) int { return strings.Compare(a.Name, b.Name) })
	return slices.Compact(plans)
}

// linkLicenses puts the plans of licenses where they are referred to.
func (l *loader) linkLicenses() {
	for _, id := range sortedKeys(l.catalog.licenses) {
		l.include(l.catalog.licenses[id])
	}
	for _, id := range sortedKeys(l.catalog.products) {
		product := l.catalog.products[id]
		if license := l.resolve(product.License, product.where); license != nil {
			product.LicenseTitle, product.ServicePlans, product.PlanIDs = license.Title, license.names(), license.ids()
		}
	}
	for _, id := range l.catalog.ids() {
		for i := range l.catalog.byID[id].Prerequisites {
			p := &l.catalog.byID[id].Prerequisites[i]
			if license := l.resolve(p.License, p.where); license != nil {
				p.LicenseTitle, p.ServicePlans, p.PlanIDs = license.Title, license.names(), license.ids()
			}
		}
	}
}

// include adds the plans of the licenses that a license includes, and of those that they include.
// Way is how it was reached.
func (l *loader) include(license *License, way ...string) {
	if slices.Contains(way, license.ID) {
		l.errorf(license.where, "License cycle", "The license %s includes itself: %s.", license.ID, strings.Join(append(way, license.ID), " → "))
		return
	}
	includes := license.includes
	license.includes = nil // done once
	for _, id := range includes {
		other := l.resolve(id, license.where)
		if other == nil {
			return
		}
		l.include(other, append(way, license.ID)...)
		license.Plans = append(license.Plans, other.Plans...)
	}
	if len(license.Plans) == 0 {
		l.errorf(license.where, "License without plans", "Say which service plans give the license: plans = { NAME = \"id\" }, or includes = [\"another\"].")
	}
	slices.SortFunc(license.Plans, func(a, b ServicePlan) int { return strings.Compare(a.Name+"\n"+a.ID, b.Name+"\n"+b.ID) })
	license.Plans = slices.Compact(license.Plans)
}

// resolve returns the license of that id, or nil if none is referred to or declared.
func (l *loader) resolve(id string, at hcl.Range) *License {
	license := l.catalog.licenses[id]
	if license == nil && id != "" {
		l.unknownLicense(id, at)
	}
	return license
}

func (license *License) names() []string {
	var names []string
	for _, plan := range license.Plans {
		names = append(names, plan.Name)
	}
	return sortedSet(names)
}

func (license *License) ids() []string {
	var ids []string
	for _, plan := range license.Plans {
		if plan.ID != "" {
			ids = append(ids, plan.ID)
		}
	}
	return sortedSet(ids)
}

func (l *loader) unknownLicense(id string, at hcl.Range) {
	if !l.unread {
		l.errorf(at, "Unknown license", "No license %q is declared.%s Declare it in a catalog.hcl: license %q, with a title and plans.",
			clip(id), suggest.Hint(id, sortedKeys(l.catalog.licenses)), clip(id))
	}
}
