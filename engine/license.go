package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/records"
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
	plans map[string]string // its service plans that can be used: name, and id → id, all in lower case
}

// readLicenses takes the tenant's licenses from the evidence, if they are in it. If any one of them can't be read, none is relied
// on: a license that looks absent takes its product out of the total.
func (r *run) readLicenses(ctx context.Context) error {
	r.licenses = licenses{skus: map[string]subscription{}}
	s := r.sources[licenseDataset]
	if s == nil || s.status != Collected {
		return nil
	}
	if len(s.breaches.list) > 0 {
		r.doubtLicenses(s.breaches.list[0].at(0))
		return nil
	}
	again := s.repeater()
	for record, err := range r.bundle.Records(ctx, licenseDataset) {
		if err != nil {
			return err
		}
		if again(record) {
			continue
		}
		decoded, err := records.Decode(record.JSON, records.Limits{})
		if err != nil {
			return fmt.Errorf("dataset %s, record %d: %w", licenseDataset, record.Index+1, err)
		}
		if sku, ok := s.spec.Fold().Value(decoded).(map[string]any); !ok || !r.licenses.add(sku) {
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
			id, _ := plan["servicePlanId"].(string)
			id = strings.ToLower(id)
			s.plans[strings.ToLower(name)] = id
			if id != "" {
				s.plans[id] = id
			}
		case "Disabled", "Error", "PendingInput", "PendingActivation", "PendingProvisioning":
		default:
			return false
		}
	}
	// One license can be bought in several subscriptions: what any of them holds is held.
	id = strings.ToLower(id)
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
		_, included := s.plans[strings.ToLower(plan)]
		return included
	})
}

// seatNeed is a license prerequisite of a control whose records say which licenses they have.
type seatNeed struct {
	words string              // what is needed
	plans []string            // names and ids, any one of which is enough
	given map[string][]string // skuId → ids of the plans in it that are enough, in lower case
}

// needs returns the license prerequisites of a control with what the subscriptions give for each.
func (l *licenses) needs(control *catalog.Control) []seatNeed {
	var needs []seatNeed
	for _, p := range requiredPlans(control) {
		need := seatNeed{words: words(p), plans: p.Plans(), given: map[string][]string{}}
		for sku, s := range l.skus {
			for _, plan := range need.plans {
				if id, included := s.plans[strings.ToLower(plan)]; included && !slices.Contains(need.given[sku], id) {
					need.given[sku] = append(need.given[sku], id)
				}
			}
		}
		needs = append(needs, need)
	}
	return needs
}

// words says what a prerequisite asks for: a license, or else plans.
func words(p catalog.Prerequisite) string {
	if p.LicenseTitle != "" {
		return p.LicenseTitle
	}
	return strings.Join(p.ServicePlans, " or ")
}

// assigned says whether what is needed is assigned to a user and not switched off for it; list is what the user's licenses are.
func (n *seatNeed) assigned(list any) bool {
	licenses, _ := list.([]any)
	for _, entry := range licenses {
		license, _ := entry.(map[string]any)
		sku, _ := license["skuId"].(string)
		disabled, _ := license["disabledPlans"].([]any)
		for _, id := range n.given[strings.ToLower(sku)] {
			if !slices.ContainsFunc(disabled, func(entry any) bool { return same(entry, id) }) {
				return true
			}
		}
	}
	return false
}

func same(value any, id string) bool {
	text, ok := value.(string)
	return ok && strings.EqualFold(text, id)
}

// unlicensed says why a control does not apply to the tenant, or "": only products of which the tenant has some license count,
// whatever the plan.
func (r *run) unlicensed(control *catalog.Control) string {
	product, ok := r.engine.catalog.Product(control.Product)
	if !ok || !r.licenses.known || r.licenses.holds(product.Plans()) {
		return ""
	}
	return fmt.Sprintf("the tenant has no license of %s", product.Title)
}

// requiredPlans returns the license prerequisites of a control: any one plan of each is needed.
func requiredPlans(control *catalog.Control) []catalog.Prerequisite {
	var required []catalog.Prerequisite
	for _, p := range control.Prerequisites {
		if len(p.ServicePlans) > 0 {
			required = append(required, p)
		}
	}
	return required
}

// findSeats says where fewer users have a license than the control covers.
func (t *task) findSeats(a *Action) {
	for i, need := range t.needs {
		if t.total.assigned[i] < t.total.inScope {
			a.find("%d of %d users in scope have %s", t.total.assigned[i], t.total.inScope, need.words)
		}
		if seats := t.run.licenses.seats(need.plans); t.run.licenses.holds(need.plans) && seats < t.total.inScope {
			a.find("there are %d seats of %s for %d users in scope", seats, need.words, t.total.inScope)
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
