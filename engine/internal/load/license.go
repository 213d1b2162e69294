package load

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/open-policy-agent/opa/v1/ast"

	"github.com/posture-score/posture/engine/catalog"
)

const (
	// licenseDataset holds the tenant's subscriptions and their service plans.
	licenseDataset = "entra.subscribed_skus"
	// UserDataset is the population whose records hold the licenses that are assigned to them.
	UserDataset = "entra.users"
	// LicenseField is the field that holds these.
	LicenseField = "assignedLicenses"
)

// Licenses are those that the tenant's subscriptions provide.
type Licenses struct {
	Known bool                    // the evidence holds licenses that can be relied on; otherwise every license counts as held
	skus  map[string]subscription // by skuId; only those that can be used
}

// subscription is one license that the tenant has bought.
type subscription struct {
	seats int64             // that can be used
	plans map[string]string // its service plans that can be used: name → id, and id → id, all in lower case
}

// readLicenses returns the licenses in a dataset. If one of its records can't be read, none is relied
// on and the warning says why: a license that seems missing takes its product out of the total.
func readLicenses(d *Dataset) (_ Licenses, warning string) {
	if d == nil || !d.Collected() || d.Value == nil {
		return Licenses{}, ""
	}
	unusable := func(reason string) (Licenses, string) {
		return Licenses{}, fmt.Sprintf("%s is not relied on, so every product counts: %s", licenseDataset, reason)
	}
	if len(d.Violations.structural) > 0 {
		return unusable(d.Violations.structural[0].String())
	}
	l := Licenses{Known: true, skus: map[string]subscription{}}
	list, _ := d.Value.(*ast.Array)
	for i := range list.Len() {
		record, _ := ast.JSON(list.Elem(i).Value)
		if sku, ok := record.(map[string]any); !ok || !l.add(sku) {
			return unusable(fmt.Sprintf("record %d does not tell its state or its plans", i+1))
		}
	}
	return l, ""
}

// add adds a subscription, or returns false if it can't be read. One that has expired stays usable
// through its grace period, "Warning"; a plan that was not provisioned can't be used (Microsoft Graph,
// resources subscribedSku and servicePlanInfo).
func (l *Licenses) add(sku map[string]any) bool {
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
	// One license can be bought in several subscriptions: what any of them provides is held.
	id = strings.ToLower(id)
	if before, ok := l.skus[id]; ok {
		s.seats += before.seats
		maps.Copy(s.plans, before.plans)
	}
	l.skus[id] = s
	return true
}

func integer(value any, field string) int64 {
	fields, _ := value.(map[string]any)
	number, _ := fields[field].(json.Number)
	n, err := number.Int64()
	if err != nil {
		return 0
	}
	return n
}

// Hold reports whether the tenant has any one of the plans, by their names or ids. No plans are always
// held.
func (l *Licenses) Hold(names, ids []string) bool {
	if len(names)+len(ids) == 0 {
		return true
	}
	for _, s := range l.skus {
		if s.hasAny(names) || s.hasAny(ids) {
			return true
		}
	}
	return false
}

// Seats counts the licenses that provide any one of the plans. One that provides several counts once.
func (l *Licenses) Seats(plans []string) int64 {
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
		_, included := s.plan(plan)
		return included
	})
}

// plan returns the id of a service plan that can be used, by its name or id.
func (s subscription) plan(plan string) (id string, included bool) {
	var buffer [64]byte
	id, included = s.plans[string(appendLower(buffer[:0], plan))]
	return id, included
}

// appendLower appends a text in lower case: without memory of its own if it is ASCII.
func appendLower(to []byte, text string) []byte {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			return append(to[:len(to)-i], strings.ToLower(text)...)
		case 'A' <= c && c <= 'Z':
			to = append(to, c+'a'-'A')
		default:
			to = append(to, c)
		}
	}
	return to
}

// Requirement is a license prerequisite of a control whose records hold their licenses.
type Requirement struct {
	Title string              // of the license, or the names of the plans
	Plans []string            // names and ids, any one of which is enough
	skus  map[string][]string // skuId → ids of the plans in it that are enough, in lower case
}

// Requirements returns what license prerequisites require of a record.
func (l *Licenses) Requirements(prerequisites []catalog.Prerequisite) []Requirement {
	var requirements []Requirement
	for _, p := range prerequisites {
		r := Requirement{Title: p.LicenseTitle, Plans: p.Plans(), skus: map[string][]string{}}
		if r.Title == "" {
			r.Title = strings.Join(p.ServicePlans, " or ")
		}
		for sku, s := range l.skus {
			for _, plan := range r.Plans {
				if id, included := s.plan(plan); included && !slices.Contains(r.skus[sku], id) {
					r.skus[sku] = append(r.skus[sku], id)
				}
			}
		}
		requirements = append(requirements, r)
	}
	return requirements
}

// Assigned reports whether a required plan is assigned to a user and enabled. The list is the user's
// field [LicenseField].
func (r *Requirement) Assigned(list any) bool {
	licenses, _ := list.([]any)
	for _, entry := range licenses {
		license, _ := entry.(map[string]any)
		sku, _ := license["skuId"].(string)
		disabled, _ := license["disabledPlans"].([]any)
		for _, id := range r.skus[strings.ToLower(sku)] {
			off := func(plan any) bool {
				text, ok := plan.(string)
				return ok && strings.EqualFold(text, id)
			}
			if !slices.ContainsFunc(disabled, off) {
				return true
			}
		}
	}
	return false
}
