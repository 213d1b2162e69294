package engine

import (
	"context"
	"fmt"
	"maps"
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
	// licenseField is the field in which they do.
	licenseField = "assignedLicenses"
)

// licenses is what the tenant's subscriptions come to.
type licenses struct {
	known bool                    // false: the evidence holds no licenses that can be relied on, and each one counts as held
	skus  map[string]subscription // by skuId: those that can be used
}

// subscription is one license that the tenant has bought.
type subscription struct {
	seats int64             // that can be used
	plans map[string]string // its service plans that can be used: name → id
}

// readLicenses takes the tenant's licenses from the evidence, if they are in it. If any one of them can't be read, none is relied
// on: a license that looks absent takes its product out of the total.
func (r *run) readLicenses(ctx context.Context) error {
	r.licenses = licenses{skus: map[string]subscription{}}
	s := r.sources[licenseDataset]
	if s == nil || s.status != Collected {
		return nil
	}
	if s.broken != "" {
		r.doubtLicenses(s.broken)
		return nil
	}
	for record, err := range r.bundle.Records(ctx, licenseDataset) {
		if err != nil {
			return err
		}
		decoded, err := evidence.Decode(record.JSON, evidence.DefaultLimits())
		if err != nil {
			return fmt.Errorf("dataset %s, record %d: %w", licenseDataset, record.Index+1, err)
		}
		if sku, ok := decoded.(map[string]any); !ok || !r.licenses.add(sku) {
			r.licenses = licenses{}
			r.doubtLicenses(fmt.Sprintf("record %d does not tell its state or its plans", record.Index+1))
			return nil
		}
	}
	r.licenses.known = true
	return nil
}

func (r *run) doubtLicenses(why string) {
	r.doubts = append(r.doubts, fmt.Sprintf("%s is not relied on, so every product counts: %s", licenseDataset, why))
}

// add takes note of one subscription, or returns false if it can't be told what it is. One that has expired stays usable through
// its grace period, "Warning"; a plan that was not provisioned can't be used (Microsoft Graph, resources subscribedSku and
// servicePlanInfo).
func (l *licenses) add(sku map[string]any) bool {
	id, named := sku["skuId"].(string)
	listed, isList := sku["servicePlans"].([]any)
	if !named || !isList {
		return false
	}
	switch sku["capabilityStatus"] {
	case "Enabled", "Warning":
	case "Suspended", "LockedOut", "Deleted":
		return true
	default:
		return false
	}
	s := subscription{seats: integer(sku["prepaidUnits"], "enabled") + integer(sku["prepaidUnits"], "warning"), plans: map[string]string{}}
	for _, entry := range listed {
		plan, _ := entry.(map[string]any)
		name, _ := plan["servicePlanName"].(string)
		status, _ := plan["provisioningStatus"].(string)
		if name == "" || status == "" {
			return false
		}
		switch status {
		case "Success":
			s.plans[name], _ = plan["servicePlanId"].(string)
		case "Disabled", "Error", "PendingInput", "PendingActivation", "PendingProvisioning":
		default:
			return false
		}
	}
	// One license can be bought in several subscriptions: what any of them holds is held.
	if before, ok := l.skus[id]; ok {
		s.seats += before.seats
		maps.Copy(s.plans, before.plans)
	}
	l.skus[id] = s
	return true
}

// holds says whether the tenant has any one of the plans. No plans at all ask for nothing.
func (l *licenses) holds(plans []string) bool {
	if len(plans) == 0 {
		return true
	}
	for _, s := range l.skus {
		if s.hasAny(plans) {
			return true
		}
	}
	return false
}

// seats counts the licenses that hold any one of the plans; one that holds several gives its seats once.
func (l *licenses) seats(plans []string) int64 {
	seats := int64(0)
	for _, s := range l.skus {
		if s.hasAny(plans) {
			seats += s.seats
		}
	}
	return seats
}

func (s subscription) hasAny(plans []string) bool {
	return slices.ContainsFunc(plans, func(plan string) bool {
		_, included := s.plans[plan]
		return included
	})
}

// assigned says whether any one of the plans is assigned to a user and not switched off for it; list is what the user's licenses are.
func (l *licenses) assigned(list any, plans []string) bool {
	licenses, _ := list.([]any)
	for _, entry := range licenses {
		license, _ := entry.(map[string]any)
		sku, _ := license["skuId"].(string)
		disabled, _ := license["disabledPlans"].([]any)
		for _, plan := range plans {
			if id, included := l.skus[sku].plans[plan]; included && !slices.Contains(disabled, any(id)) {
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
		if t.total.assigned[i] < t.total.inScope {
			a.find("%d of %d users in scope have %s", t.total.assigned[i], t.total.inScope, name)
		}
		if seats := t.run.licenses.seats(plans); t.run.licenses.holds(plans) && seats < t.total.inScope {
			a.find("there are %d seats of %s for %d users in scope", seats, name, t.total.inScope)
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
