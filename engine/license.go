package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/policies"
)

const (
	// licenseDataset tells the tenant's subscriptions and the service plans in them.
	licenseDataset = "entra.subscribed_skus"
	// userDataset is the population whose records say which licenses are assigned to them.
	userDataset = "entra.users"
)

// licenses is what the tenant's subscriptions come to.
type licenses struct {
	known bool                         // false: the evidence holds no licenses, and each one counts as held
	seats map[string]int64             // service plan → seats that can be used
	plans map[string]map[string]string // license (skuId) → its service plans, name → id
}

// readLicenses takes the tenant's licenses from the evidence, if they are in it.
func (r *run) readLicenses(ctx context.Context) error {
	r.licenses = licenses{seats: map[string]int64{}, plans: map[string]map[string]string{}}
	if s := r.sources[licenseDataset]; s == nil || s.status != Collected {
		return nil
	}
	r.licenses.known = true
	for record, err := range r.bundle.Records(ctx, licenseDataset) {
		if err != nil {
			return err
		}
		decoded, err := evidence.Decode(record.JSON, evidence.DefaultLimits())
		if err != nil {
			return fmt.Errorf("dataset %s, record %d: %w", licenseDataset, record.Index+1, err)
		}
		if sku, ok := decoded.(map[string]any); ok {
			r.licenses.add(sku)
		}
	}
	return nil
}

// add takes note of one subscription. One that has expired stays usable through its grace period, "Warning"; a plan that was not
// provisioned can't be used (Microsoft Graph, resources subscribedSku and servicePlanInfo).
func (l *licenses) add(sku map[string]any) {
	if status := sku["capabilityStatus"]; status != "Enabled" && status != "Warning" {
		return
	}
	seats := integer(sku["prepaidUnits"], "enabled") + integer(sku["prepaidUnits"], "warning")
	id, _ := sku["skuId"].(string)
	l.plans[id] = map[string]string{}
	listed, _ := sku["servicePlans"].([]any)
	for _, entry := range listed {
		plan, _ := entry.(map[string]any)
		name, _ := plan["servicePlanName"].(string)
		if name == "" || plan["provisioningStatus"] != "Success" {
			continue
		}
		l.plans[id][name], _ = plan["servicePlanId"].(string)
		l.seats[name] += seats
	}
}

// holds says whether the tenant has any one of the plans. No plans at all ask for nothing.
func (l *licenses) holds(plans []string) bool {
	return len(plans) == 0 || slices.ContainsFunc(plans, func(plan string) bool {
		_, held := l.seats[plan]
		return held
	})
}

// assigned says whether any one of the plans is assigned to a user and not switched off for it.
func (l *licenses) assigned(user map[string]any, plans []string) bool {
	licenses, _ := user["assignedLicenses"].([]any)
	for _, entry := range licenses {
		license, _ := entry.(map[string]any)
		sku, _ := license["skuId"].(string)
		disabled, _ := license["disabledPlans"].([]any)
		for _, plan := range plans {
			if id, included := l.plans[sku][plan]; included && !slices.Contains(disabled, any(id)) {
				return true
			}
		}
	}
	return false
}

// unlicensed says why a control does not apply to the tenant, or "": only products of which the tenant has some license count,
// whatever the plan.
func (r *run) unlicensed(control *policies.Control) string {
	product, ok := r.engine.catalog.Product(control.Product)
	if !ok || !r.licenses.known || r.licenses.holds(product.ServicePlans) {
		return ""
	}
	return fmt.Sprintf("the tenant has no license of %s", product.Title)
}

// requiredPlans returns the license prerequisites of a control: any one plan of each list is needed.
func requiredPlans(control *policies.Control) [][]string {
	var required [][]string
	for _, p := range control.Prerequisites {
		if len(p.ServicePlans) > 0 {
			required = append(required, p.ServicePlans)
		}
	}
	return required
}

// findSeats says where fewer users have a license than the control covers.
func (t *task) findSeats(a *Action) {
	for i, plans := range t.plans {
		name := strings.Join(plans, " or ")
		if t.assigned[i] < t.inScope {
			a.find("%d of %d users in scope have %s", t.assigned[i], t.inScope, name)
		}
		seats := int64(0)
		for _, plan := range plans {
			seats = max(seats, t.licenses.seats[plan])
		}
		if seats > 0 && seats < t.inScope {
			a.find("there are %d seats of %s for %d users in scope", seats, name, t.inScope)
		}
	}
}

func integer(value any, field string) int64 {
	fields, _ := value.(map[string]any)
	number, _ := fields[field].(interface{ Int64() (int64, error) })
	if number == nil {
		return 0
	}
	n, err := number.Int64()
	if err != nil {
		return 0
	}
	return n
}
