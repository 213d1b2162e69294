package catalog_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

// TestLicensesOfEveryCloud holds that a product is had by tenants of each kind: companies,
// government, education, small business and kiosks. The plans are those of subscriptions that
// Microsoft publishes.
func TestLicensesOfEveryCloud(t *testing.T) {
	catalog := builtinCatalog(t)
	for subscription, plans := range map[string][]string{
		"Office 365 E3":                {"exchange EXCHANGE_S_ENTERPRISE", "sharepoint SHAREPOINTENTERPRISE", "teams TEAMS1", "forms FORMS_PLAN_E3"},
		"Office 365 G3 GCC":            {"exchange EXCHANGE_S_ENTERPRISE_GOV", "sharepoint SHAREPOINTENTERPRISE_GOV", "teams TEAMS_GOV", "forms FORMS_GOV_E3"},
		"Microsoft 365 G5":             {"defender_office ATP_ENTERPRISE_GOV", "defender_office_p2 THREAT_INTELLIGENCE_GOV", "lockbox LOCKBOX_ENTERPRISE_GOV", "auto_labeling RMS_S_PREMIUM2_GOV"},
		"Microsoft 365 GCC High":       {"teams TEAMS_AR_GCCHIGH", "forms FORMS_PLAN_E5_AR_GCCHIGH", "exchange EXCHANGE_S_ENTERPRISE"},
		"Microsoft 365 DoD":            {"teams TEAMS_AR_DOD", "defender_cloud_apps ADALLOM_S_STANDALONE_DOD"},
		"Office 365 F3 Government":     {"exchange EXCHANGE_S_DESKLESS_GOV", "sharepoint SHAREPOINTDESKLESS_GOV"},
		"Office 365 A1":                {"exchange EXCHANGE_S_STANDARD", "sharepoint SHAREPOINTSTANDARD_EDU", "forms OFFICE_FORMS_PLAN_2"},
		"Office 365 A5":                {"sharepoint SHAREPOINTENTERPRISE_EDU", "forms OFFICE_FORMS_PLAN_3", "intune INTUNE_EDU"},
		"Microsoft 365 Business Basic": {"exchange EXCHANGE_S_STANDARD", "sharepoint SHAREPOINTSTANDARD", "intune INTUNE_SMBIZ"},
		"Microsoft 365 F3":             {"exchange EXCHANGE_S_DESKLESS", "sharepoint SHAREPOINTDESKLESS", "forms FORMS_PLAN_K"},
	} {
		for _, pair := range plans {
			id, plan, _ := strings.Cut(pair, " ")
			license, ok := catalog.License(id)
			if !ok {
				t.Fatalf("no license %s", id)
			}
			var names []string
			for _, p := range license.Plans {
				names = append(names, p.Name)
			}
			if !slices.Contains(names, plan) {
				t.Errorf("%s: %s does not give %s", subscription, plan, license.Title)
			}
		}
	}
}

// TestBuiltinRefersToLicenses holds that plans are listed once, in licenses.
func TestBuiltinRefersToLicenses(t *testing.T) {
	catalog := builtinCatalog(t)
	for _, product := range catalog.Products() {
		if product.License == "" && len(product.ServicePlans) > 0 {
			t.Errorf("product %s lists plans itself", product.ID)
		}
	}
	for _, control := range catalog.Controls() {
		for _, p := range control.Prerequisites {
			if p.License == "" && len(p.ServicePlans) > 0 {
				t.Errorf("control %s lists plans itself", control.ID)
			}
		}
	}
}

// A license that includes another gives what both do.
func TestIncludedLicense(t *testing.T) {
	catalog := mustLoad(t, source(t, "ours", map[string]string{"catalog.hcl": `
license "some" {
  title = "Some"
  plans = { B = "BBBBBBBB-0000-4000-8000-000000000002" }
}
license "more" {
  title    = "More"
  includes = ["some", "most"]
  plans    = ["A"]
}
license "most" {
  title    = "Most"
  includes = ["some"]
  plans    = ["C"]
}
product "p" {
  title   = "P"
  license = "more"
}
`}))
	product, _ := catalog.Product("p")
	got := map[string]any{"title": product.LicenseTitle, "plans": product.Plans()}
	want := map[string]any{"title": "More", "plans": []string{"A", "B", "C", "bbbbbbbb-0000-4000-8000-000000000002"}}
	expect.Equal(t, want, got)
}
