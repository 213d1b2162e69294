package scubagear

import (
	"slices"

	"github.com/posture-score/posture/internal/importer/powershell"
)

// source describes how one dataset is made of an export.
type source struct {
	dataset string
	parts   []part
	// gap is what every export leaves out, if that is too much to call the dataset collected.
	gap string
	// incomplete returns what one export leaves out; "" if nothing.
	incomplete func(*export) string
	// derive returns the records of a dataset that is not a list of the answers of one cmdlet. Its parts then list only
	// the keys that have to be there.
	derive   func(*export) []any
	also     []string // keys that derive reads if they are there
	optional bool     // without a record there is no dataset
}

// part is one key of an export and the cmdlets that its values may come from: it is one cmdlet,
// whose name differs between versions and ways of ScubaGear.
type part struct {
	key       string
	older     string // the key in versions that do not have the other; "" if it never changed
	cmdlets   []string
	license   string                              // the key that says whether the tenant can run the cmdlets; "" if each tenant can
	translate func(map[string]any) map[string]any // a record as PowerShell wrote it; nil if names and values are right
}

// sources returns the datasets that an export can fill, by name. The keys and cmdlets are those of ScubaGear's providers
// (github.com/cisagov/ScubaGear, PowerShell/ScubaGear/Modules/Providers).
func sources() []source {
	all := slices.Concat(directory(), exchange(), defender(), []source{
		{dataset: "attestation.baseline_exceptions", parts: []part{{key: configKey}}, optional: true, derive: exceptions},
		one("purview.dlp_policies", part{
			key: "dlp_compliance_policies", cmdlets: []string{"Get-DlpCompliancePolicy"}, license: "defender_dlp_license",
		}),
		one("sharepoint.settings", part{
			key: "SPO_tenant", older: "SPO_tenant_info", cmdlets: []string{"Get-SPOTenant", "Get-SPOTenantRest", "Get-PnPTenant"}, translate: powershell.SharePoint,
		}),
		one("teams.meeting_policies", part{key: "meeting_policies", cmdlets: []string{"Get-CsTeamsMeetingPolicy"}}),
	})
	return all
}

func one(dataset string, from part) source { return source{dataset: dataset, parts: []part{from}} }

func directory() []source {
	return []source{
		one("entra.admin_consent_request_policy", part{key: "admin_consent_policies", cmdlets: graph("PolicyAdminConsentRequestPolicy")}),
		one("entra.authorization_policy", part{
			key: "authorization_policies", cmdlets: graph("PolicyAuthorizationPolicy"), translate: authorizationPolicy,
		}),
		one("entra.conditional_access_policies", part{key: "conditional_access_policies", cmdlets: graph("IdentityConditionalAccessPolicy")}),
		one("entra.directory_settings", part{key: "directory_settings", cmdlets: graph("DirectorySetting")}),
		one("entra.domains", part{key: "domain_settings", cmdlets: graph("Domain")}),
		one("entra.organization", part{key: directoryKey, cmdlets: graph("Organization")}),
		{
			dataset: "entra.privileged_role_assignments",
			parts: []part{
				{key: "privileged_roles", cmdlets: []string{"Get-PrivilegedRole"}},
				{key: "privileged_users", cmdlets: []string{"Get-PrivilegedUser"}},
			},
			incomplete: withoutAssignments,
			derive:     privilegedAssignments,
			also:       []string{"privileged_service_principals"},
		},
		{
			dataset: "entra.role_assignments",
			parts:   []part{{key: "privileged_roles", cmdlets: []string{"Get-PrivilegedRole"}}},
			// A rule about roles that no one should hold, or about
			// everybody who holds any, would do better than the tenant does.
			gap: "the export lists the holders of a few highly privileged roles only, and none at all without Entra ID P2",
		},
		{
			dataset:    "entra.subscribed_skus",
			parts:      []part{{key: "service_plans", cmdlets: graph("SubscribedSku")}},
			incomplete: withoutPlans,
			derive:     subscription,
		},
	}
}

// graph returns the cmdlets of an endpoint in both versions of the Graph SDK.
func graph(noun string) []string { return []string{"Get-MgBeta" + noun, "Get-Mg" + noun} }

func acceptedDomains() part {
	return part{key: "accepted_domains", older: "all_domains", cmdlets: []string{"Get-AcceptedDomain"}}
}

func exchange() []source {
	return []source{
		one("exchange.accepted_domains", acceptedDomains()),
		one("exchange.admin_audit_log_config", part{key: "admin_audit_log_config", cmdlets: []string{"Get-AdminAuditLogConfig"}}),
		one("exchange.organization_config", part{key: "org_config", cmdlets: []string{"Get-OrganizationConfig"}}),
		one("exchange.sharing_policies", part{key: "sharing_policy", cmdlets: []string{"Get-SharingPolicy"}}),
		{
			dataset:    "exchange.spf_records",
			parts:      []part{{key: "spf_records", cmdlets: []string{"Get-ScubaSpfRecord", "Get-ScubaSpfRecords"}, translate: spfRecord}},
			incomplete: domainWithoutLookup,
		},
		one("exchange.transport_rules", part{key: "transport_rule", cmdlets: []string{"Get-TransportRule"}}),
	}
}

// Not all versions ask for malware policies, Safe Attachments and Safe Links.
// Since the baselines of Defender became those of the security suite
// (ExportSecuritySuiteProvider.psm1), there are more rules, and other names.
func defender() []source {
	return []source{
		{
			dataset: "defender_office.built_in_rules",
			parts:   []part{{key: "built_in_protection_rules", cmdlets: []string{"Get-ATPBuiltInProtectionRule"}}},
		},
		one("defender_office.atp_preset_rules", part{key: "atp_policy_rules", cmdlets: []string{"Get-ATPProtectionPolicyRule"}, license: "defender_license"}),
		one("defender_office.eop_preset_rules", part{key: "protection_policy_rules", cmdlets: []string{"Get-EOPProtectionPolicyRule"}}),
		one("defender_office.anti_phish_policies", part{key: "anti_phish_policies", cmdlets: []string{"Get-AntiPhishPolicy"}}),
		one("defender_office.anti_phish_rules", part{key: "anti_phish_rules", cmdlets: []string{"Get-AntiPhishRule"}}),
		one("defender_office.atp_policy", part{key: "atp_policy_for_o365", cmdlets: []string{"Get-AtpPolicyForO365"}, license: "defender_license"}),
		one("defender_office.connection_filters", part{key: "conn_filter", cmdlets: []string{"Get-HostedConnectionFilterPolicy"}}),
		one("defender_office.malware_policies", part{
			key: "anti_malware_policies", older: "malware_filter_policies", cmdlets: []string{"Get-MalwareFilterPolicy"},
		}),
		one("defender_office.malware_rules", part{key: "anti_malware_rules", cmdlets: []string{"Get-MalwareFilterRule"}}),
		one("defender_office.safe_attachment_policies", part{key: "safe_attachment_policies", cmdlets: []string{"Get-SafeAttachmentPolicy"}, license: "defender_license"}),
		one("defender_office.safe_attachment_rules", part{key: "safe_attachment_rules", cmdlets: []string{"Get-SafeAttachmentRule"}, license: "defender_license"}),
		one("defender_office.safe_links_policies", part{key: "safe_links_policies", cmdlets: []string{"Get-SafeLinksPolicy"}, license: "defender_license"}),
		one("defender_office.safe_links_rules", part{key: "safe_links_rules", cmdlets: []string{"Get-SafeLinksRule"}, license: "defender_license"}),
		one("defender_office.spam_policies", part{key: "hosted_content_filter_policies", cmdlets: []string{"Get-HostedContentFilterPolicy"}}),
		one("defender_office.spam_rules", part{key: "hosted_content_filter_rules", cmdlets: []string{"Get-HostedContentFilterRule"}}),
	}
}
