package engine_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
)

// neverEmpty returns the datasets of which every tenant has a record that can't be deleted: the
// directory's own, and the default policies of Exchange Online and Teams. Safe Links and Safe Attachments
// aren't among them, since Built-in protection comes with a license.
func neverEmpty() []string {
	return []string{
		"defender_office.anti_phish_policies", "defender_office.connection_filters", "defender_office.malware_policies",
		"defender_office.outbound_spam_policies", "defender_office.spam_policies", "exchange.accepted_domains",
		"exchange.owa_mailbox_policies", "exchange.role_assignment_policies", "exchange.sharing_policies", "teams.meeting_policies",
	}
}

// TestListsThatAreNeverEmpty holds that an empty export of such a list decides nothing: it can't be whole.
func TestListsThatAreNeverEmpty(t *testing.T) {
	t.Parallel()
	whole := tenantData(t, "contoso")
	for _, name := range neverEmpty() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if spec, ok := builtin(t).Datasets().Dataset(name); !ok || !spec.NeverEmpty {
				t.Fatal("an empty list of it counts as collected")
			}
			emptied := maps.Clone(whole)
			emptied[name] = list{}
			a := assess(t, readersOf(builtin(t), name), bundle(t, emptied), engine.Options{}, engine.AssessOptions{})
			for _, action := range a.Actions {
				if action.Outcome != engine.NoEvidence {
					t.Errorf("%s is %s: %q", action.ID, action.Outcome, action.Reasons)
				}
			}
			if len(a.Actions) == 0 {
				t.Error("no control reads it")
			}
		})
	}
}

// TestListsThatLackTheDefault holds that a list without the record of every tenant decides nothing,
// unless some record may be it.
func TestListsThatLackTheDefault(t *testing.T) {
	t.Parallel()
	whole := tenantData(t, "fabrikam")
	for name, field := range map[string]string{
		"defender_office.connection_filters": "isDefault", "exchange.owa_mailbox_policies": "isDefault",
		"exchange.role_assignment_policies": "isDefault", "exchange.sharing_policies": "default", "teams.meeting_policies": "identity",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values := map[any]bool{false: true, nil: false}
			if field == "identity" {
				values = map[any]bool{"Tag:Other": true, "global": false}
			}
			for value, failed := range values {
				record := maps.Clone(whole[name].(list)[0].(map[string]any))
				record[field] = value
				records := list{record}
				changed := maps.Clone(whole)
				changed[name] = records
				a := assess(t, readersOf(builtin(t), name), bundle(t, changed), engine.Options{}, engine.AssessOptions{Validate: engine.ValidateOff})
				for _, action := range a.Actions {
					if got := action.Outcome == engine.NoEvidence; got != failed {
						t.Errorf("%s %v: %s is %s: %q", field, value, action.ID, action.Outcome, action.Reasons)
					}
				}
			}
		})
	}
}

// TestPlansOfEveryCloud holds which products a tenant has by the plans of one subscription, listed by name,
// by name in another case, or by id.
func TestPlansOfEveryCloud(t *testing.T) {
	t.Parallel()
	plan := func(name, id string) object {
		return object{"servicePlanName": name, "servicePlanId": id, "provisioningStatus": "Success"}
	}
	mail := []string{"defender_office_365", "exchange_online"}
	for _, test := range []struct {
		name  string
		plans list
		want  []string
	}{
		{"commercial", list{plan("EXCHANGE_S_ENTERPRISE", "efb87545-963c-4e0d-99df-69c6916d9eb0")}, mail},
		{"government", list{plan("EXCHANGE_S_ENTERPRISE_GOV", "8c3069c0-ccdb-44be-ab77-986203a67df2")}, mail},
		{"government, by the id alone", list{plan("a name that nobody published", "8C3069C0-CCDB-44BE-AB77-986203A67DF2")}, mail},
		{"government, in another case", list{plan("exchange_s_standard_gov", "e9b4930a-925f-45e2-ac2a-3f7788ca6fdd")}, mail},
		{"kiosk of government", list{plan("EXCHANGE_S_DESKLESS_GOV", "88f4d7ef-a73b-4246-8047-516022144c9f")}, mail},
		{"small business of old", list{plan("EXCHANGE_L_STANDARD", "d42bdbd6-c335-4231-ab3d-c8f348d5aff5")}, mail},
		{"Teams of GCC High", list{plan("TEAMS_AR_GCCHIGH", "9953b155-8aef-4c56-92f3-72b0487fce41")}, []string{"microsoft_teams"}},
		{"Teams of DoD", list{plan("TEAMS_AR_DOD", "fd500458-c24c-478e-856c-a6067a8376cd")}, []string{"microsoft_teams"}},
		{"a university", list{plan("SHAREPOINTENTERPRISE_EDU", "63038b2c-28d0-45f6-bc36-33062963b498")}, []string{"sharepoint_online"}},
		{"SharePoint for kiosks", list{plan("SHAREPOINTDESKLESS", "902b47e5-dcb2-4fdc-858b-c63a90a2bdb9")}, []string{"sharepoint_online"}},
		{"a name with blanks", list{plan("SharePoint Plan 1G", "f9c43823-deb4-46a8-aa65-8b551f0c4f8a")}, []string{"sharepoint_online"}},
		{"labels of government", list{plan("RMS_S_PREMIUM_GOV", "1b66aedf-8ca1-4f73-af76-ec76c6180f98")}, []string{"purview"}},
		{"Forms of government", list{plan("FORMS_GOV_E3", "24af5f65-d0f3-467b-9f78-ea798c4aeffc")}, []string{"microsoft_forms"}},
		{"the stub that grants no mailbox", list{plan("EXCHANGE_S_FOUNDATION_GOV", "922ba911-5694-4e99-a794-73aed9bfeec8")}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sku := object{"skuId": "s", "capabilityStatus": "Enabled", "prepaidUnits": object{"enabled": 1}, "servicePlans": test.plans}
			a := assess(t, builtin(t), bundle(t, data{"entra.subscribed_skus": list{sku}}), engine.Options{}, engine.AssessOptions{})
			every := []string{"entra_id", "microsoft_365_admin_center", "microsoft_sway"}
			var got []string
			for _, action := range a.Actions {
				if action.Outcome != engine.NotApplicable && !slices.Contains(every, action.Product) {
					got = append(got, action.Product)
				}
			}
			slices.Sort(got)
			expect.Equalf(t, test.want, slices.Compact(got), "products")
		})
	}
}
