package tenant

import (
	"time"
	"unicode"
)

// Spec describes the tenant to invent. The same Spec results in the same bytes everywhere.
type Spec struct {
	Name    string // "contoso": the first label of its domain, contoso.example
	Profile string // "good", "mixed" or "bad"
	Users   int    // people, guests included; half as many devices
	Seed    uint64

	// Settings are the configuration ids that every device reports on. Empty means all that the
	// package knows.
	Settings []string

	// Failed are the datasets that the collector could not read, with its reasons.
	Failed map[string]string
	// Missing are the datasets that the collector did not request: the manifest doesn't name them.
	Missing []string

	CollectedAt time.Time

	// Edit changes a record or a document before it is written, and reports whether a record is kept. It sees each dataset in the
	// order of its records. It may be nil.
	Edit func(dataset string, value map[string]any) bool
}

// CollectedAt is the time at which the sample tenants were collected.
func CollectedAt() time.Time { return time.Date(2026, time.October, 1, 6, 0, 0, 0, time.UTC) }

// Samples returns the tenants that testdata/ holds, by name.
func Samples() []Spec {
	const denied = "403 Forbidden: insufficient privileges to complete the operation; the collector lacks "
	return []Spec{
		{
			Name: "contoso", Profile: "mixed", Users: 60, Seed: 1, CollectedAt: CollectedAt(), Settings: sampleSettings(),
			Failed:  map[string]string{"teams.meeting_policies": "Get-CsTeamsMeetingPolicy timed out after 3 attempts"},
			Missing: []string{"purview.activity_subscriptions"},
		},
		{Name: "fabrikam", Profile: "good", Users: 40, Seed: 2, CollectedAt: CollectedAt(), Settings: sampleSettings()},
		{
			Name: "tailspin", Profile: "bad", Users: 50, Seed: 3, CollectedAt: CollectedAt(), Settings: sampleSettings(),
			Failed: map[string]string{
				"entra.user_registration":             denied + "AuditLog.Read.All",
				"entra.on_premises_sync":              denied + "OnPremDirectorySynchronization.Read.All",
				"exchange.spf_records":                "DNS: no answer from 192.0.2.53 within 5 seconds",
				"purview.dlp_policies":                "Connect-IPPSSession: the account holds no role in the compliance portal",
				"defender_endpoint.exceptions":        "403 Forbidden: the portal shows exceptions to readers of vulnerability management only",
				"defender_identity.assessments":       "the tenant has no Defender for Identity workspace",
				"defender_office.safe_links_rules":    "Get-SafeLinksRule: the term is not recognized as the name of a cmdlet",
				"defender_office.safe_links_policies": "Get-SafeLinksPolicy: the term is not recognized as the name of a cmdlet",
			},
		},
	}
}

// sampleSettings are what the devices of the sample tenants report on: some of every sort. All
// settings would make seven times as many records, which everybody who clones the project would
// get.
func sampleSettings() []string {
	return []string{
		"scid-25", "scid-44", "scid-54", "scid-69", "scid-72", "scid-96", "scid-2003", "scid-2010", "scid-2011", "scid-2012", "scid-2016",
		"scid-2070", "scid-2073", "scid-2090", "scid-2501", "scid-2509", "scid-3011", "scid-5007", "scid-5011", "scid-6090",
	}
}

// title is the name of the organization as people write it.
func (t *Tenant) title() string {
	letters := []rune(t.spec.Name)
	letters[0] = unicode.ToUpper(letters[0])
	return string(letters)
}
