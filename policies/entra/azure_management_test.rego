package policies.entra.azure_management_test

import data.policies.entra.azure_management
import data.policies.lib.directory_roles

_helpdesk := "729827e3-9c14-49f7-bb1b-9608f156bbb8"

_parameters := {"emergency_access": ["break-glass"]}

_policy := {
	"id": "p1", "state": "enabled",
	"conditions": {
		"users": {
			"includeUsers": ["All"], "excludeUsers": ["break-glass"], "includeGroups": [], "excludeGroups": [],
			"includeRoles": [], "excludeRoles": [directory_roles.global_administrator, _helpdesk],
		},
		"applications": {"includeApplications": ["797f4846-ba00-4fd7-ba43-dac1f8f63013"], "excludeApplications": []},
		"clientAppTypes": ["all"], "signInRiskLevels": [], "userRiskLevels": [],
	},
	"grantControls": {"operator": "OR", "builtInControls": ["block"]},
}

_evidence(policies) := {"entra": {"conditional_access_policies": policies}}

test_limited if {
	evidence := _evidence([_policy])
	azure_management.compliant with data.evidence as evidence with data.parameters as _parameters
	azure_management.reasons == set() with data.evidence as evidence with data.parameters as _parameters
}

test_limited_by_policies_together if {
	browsers := object.union(_policy, {"conditions": {"clientAppTypes": ["browser"]}})
	others := object.union(_policy, {"conditions": {"clientAppTypes": ["mobileAppsAndDesktopClients", "exchangeActiveSync", "other"]}})
	azure_management.compliant with data.evidence as _evidence([browsers, others]) with data.parameters as _parameters
	not azure_management.compliant with data.evidence as _evidence([others]) with data.parameters as _parameters
}

test_limited_with_all_apps if {
	every apps in [{"includeApplications": ["All"]}, {"includeApplications": ["All"], "excludeApplications": ["00000002-0000-0ff1-ce00-000000000000"]}] {
		evidence := _evidence([object.union(_policy, {"conditions": {"applications": apps}})])
		azure_management.compliant with data.evidence as evidence with data.parameters as _parameters
	}
	every excluded in ["797f4846-ba00-4fd7-ba43-dac1f8f63013", "MicrosoftAdminPortals"] {
		evidence := _evidence([object.union(_policy, {"conditions": {"applications": {"includeApplications": ["All"], "excludeApplications": [excluded]}}})])
		not azure_management.compliant with data.evidence as evidence with data.parameters as _parameters
	}
}

test_excluded_roles if {
	roles := [directory_roles.global_administrator, "d29b2b05-8046-44ba-8758-1e26182fcf32", "own"]
	evidence := _evidence([object.union(_policy, {"conditions": {"users": {"excludeRoles": roles}}})])
	emergency := {"emergency_access": ["break-glass", "own"]}
	azure_management.compliant with data.evidence as evidence with data.parameters as emergency
	not azure_management.compliant with data.evidence as evidence with data.parameters as _parameters
}

test_not_limited if {
	every changes in [
		{"state": "enabledForReportingButNotEnforced"},
		{"grantControls": {"builtInControls": ["mfa"]}},
		{"grantControls": null},
		{"conditions": {"applications": {"includeApplications": ["Office365"]}}},
		{"conditions": {"users": {"includeUsers": ["ada"]}}},
		{"conditions": {"users": {"excludeRoles": [_helpdesk]}}},
		{"conditions": {"users": {"excludeRoles": [directory_roles.global_administrator, "directory-readers"]}}},
		{"conditions": {"users": {"excludeUsers": ["developer"]}}},
		{"conditions": {"users": {"excludeGroups": ["developers"]}}},
		{"conditions": {"clientAppTypes": ["browser"]}},
		{"conditions": {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}},
		{"conditions": {"users": null}},
	] {
		evidence := _evidence([object.union(_policy, changes)])
		not azure_management.compliant with data.evidence as evidence with data.parameters as _parameters
		count(azure_management.reasons) == 1 with data.evidence as evidence with data.parameters as _parameters
	}
}

test_missing_fields if {
	every policies in [[], [{"id": "p1"}], [object.remove(_policy, {"conditions"})], [object.remove(_policy, {"state"})]] {
		evidence := _evidence(policies)
		not azure_management.compliant with data.evidence as evidence with data.parameters as _parameters
	}
}
