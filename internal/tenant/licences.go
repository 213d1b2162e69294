package tenant

import (
	"maps"
	"slices"
)

// subscribedSKU is a record of entra.subscribed_skus.
type subscribedSKU struct {
	ID               string        `json:"id"`
	SKUID            string        `json:"skuId"`
	SKUPartNumber    string        `json:"skuPartNumber"`
	AppliesTo        string        `json:"appliesTo"`
	CapabilityStatus string        `json:"capabilityStatus"`
	ConsumedUnits    int           `json:"consumedUnits"`
	PrepaidUnits     prepaidUnits  `json:"prepaidUnits"`
	ServicePlans     []servicePlan `json:"servicePlans"`
}

type prepaidUnits struct {
	Enabled   int `json:"enabled"`
	Suspended int `json:"suspended"`
	Warning   int `json:"warning"`
}

type servicePlan struct {
	ServicePlanID      string `json:"servicePlanId"`
	ServicePlanName    string `json:"servicePlanName"`
	ProvisioningStatus string `json:"provisioningStatus"`
	AppliesTo          string `json:"appliesTo"`
}

func (t *Tenant) subscribedSKUs(yield func(any) bool) {
	consumed := t.consumed()
	for _, sku := range slices.Sorted(maps.Keys(consumed)) {
		record := subscribedSKU{
			ID: t.spec.Name + "_" + t.skuID(sku), SKUID: t.skuID(sku), SKUPartNumber: sku, AppliesTo: "User", CapabilityStatus: "Enabled",
			ConsumedUnits: consumed[sku], PrepaidUnits: prepaidUnits{Enabled: spare(consumed[sku])}, ServicePlans: []servicePlan{},
		}
		for _, plan := range t.words.Licences[sku] {
			record.ServicePlans = append(record.ServicePlans, servicePlan{
				ServicePlanID: t.guid("plan "+plan, 0), ServicePlanName: plan, ProvisioningStatus: "Success", AppliesTo: "User",
			})
		}
		if !yield(record) {
			return
		}
	}
}

// consumed counts the licences in use: those of administrators one by one, those of staff from the
// sizes of their piles.
func (t *Tenant) consumed() map[string]int {
	consumed := map[string]int{}
	for _, a := range t.profile.Administrators {
		if a.Licence != "" {
			consumed[a.Licence]++
		}
	}
	end := 0.0
	for _, l := range t.profile.People.Licences {
		consumed[l.SKU] += portion(t.staff.size, end+l.Share) - portion(t.staff.size, end)
		end += l.Share
	}
	return consumed
}

// spare is how many licences a tenant buys: a tenth more than it uses, in tens.
func spare(used int) int { return (used + used/10 + 10) / 10 * 10 }
