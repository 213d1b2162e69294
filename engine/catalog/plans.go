package catalog

import (
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/posture-score/posture/internal/suggest"
	"github.com/posture-score/posture/policies"
)

// knownPlans returns the names of published service plans, in lower case, with their ids.
func knownPlans() map[string][]string {
	known := map[string][]string{}
	for line := range strings.Lines(policies.ServicePlans) {
		if name, id, ok := strings.Cut(strings.TrimSpace(line), "\t"); ok {
			known[strings.ToLower(name)] = append(known[strings.ToLower(name)], id)
		}
	}
	return known
}

// checkPlans warns of unknown service plans: a misspelt one removes its product from the total. New
// plans may be right all the same.
func (c *collector) checkPlans(catalog *Catalog, controls map[string]*Control) {
	known := knownPlans()
	for _, license := range catalog.Licenses() {
		for _, plan := range license.Plans {
			ids := c.checkPlan(known, plan.Name, license.where)
			if len(ids) > 0 && plan.ID != "" && !containsFold(ids, plan.ID) {
				c.warnf(license.where, "Another id of a service plan", "The published id of %s is %s, and not %s.", plan.Name, strings.Join(ids, " or "), plan.ID)
			}
		}
	}
	for _, product := range catalog.Products() {
		if product.License == "" {
			c.checkListed(known, product.ServicePlans, product.where)
		}
	}
	for _, id := range sortedKeys(controls) {
		for _, p := range controls[id].Prerequisites {
			if p.License == "" {
				c.checkListed(known, p.ServicePlans, p.where)
			}
		}
	}
}

func (c *collector) checkListed(known map[string][]string, names []string, at hcl.Range) {
	for _, name := range names {
		if !validPlanID.MatchString(name) {
			c.checkPlan(known, name, at)
		}
	}
}

// checkPlan returns the published ids of a plan, and warns of an unknown plan.
func (c *collector) checkPlan(known map[string][]string, name string, at hcl.Range) []string {
	ids := known[strings.ToLower(name)]
	if len(ids) == 0 {
		c.warnf(at, "Unknown service plan", "No published service plan is called %q.%s If it is new, all is well; otherwise no tenant has it.",
			clip(name), suggest.Hint(strings.ToUpper(name), upper(sortedKeys(known))))
	}
	return ids
}

func upper(names []string) []string {
	for i, name := range names {
		names[i] = strings.ToUpper(name)
	}
	return names
}

func containsFold(list []string, word string) bool {
	for _, entry := range list {
		if strings.EqualFold(entry, word) {
			return true
		}
	}
	return false
}
