package policies.entra.phishing_resistant_admins_test

import data.policies.entra.phishing_resistant_admins
import data.policies.lib.directory_roles

_parameters := {"emergency_access": ["break-glass"]}

_policy := {
	"id": "p1", "state": "enabled",
	"conditions": {
		"users": {
			"includeUsers": [], "excludeUsers": ["break-glass"], "includeGroups": [], "excludeGroups": [],
			"includeRoles": [role | some role in directory_roles.administrative_roles], "excludeRoles": [],
		},
		"applications": {"includeApplications": ["All"], "excludeApplications": []},
		"clientAppTypes": ["all"], "signInRiskLevels": [], "userRiskLevels": [],
	},
	"grantControls": {"operator": "OR", "builtInControls": [], "authenticationStrength": {"id": "00000000-0000-0000-0000-000000000004"}},
}

_evidence(changes) := {"entra": {
	"conditional_access_policies": [object.union(_policy, changes)],
	"authentication_strengths": [
		{"id": "keys", "policyType": "custom", "allowedCombinations": ["fido2"]},
		{"id": "weak", "policyType": "custom", "allowedCombinations": ["fido2", "password,sms"]},
	],
}}

_strength(id) := {"grantControls": {"authenticationStrength": {"id": id}}}

test_required if {
	every changes in [{}, _strength("keys"), {"conditions": {"users": {"includeUsers": ["All"], "includeRoles": []}}}] {
		evidence := _evidence(changes)
		phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as _parameters
		phishing_resistant_admins.reasons == set() with data.evidence as evidence with data.parameters as _parameters
	}
}

test_not_required if {
	fourteen := [role | some role in (directory_roles.administrative_roles - {directory_roles.global_administrator})]
	every changes in [
		{"state": "enabledForReportingButNotEnforced"},
		_strength("weak"),
		_strength("unknown"),
		_strength("00000000-0000-0000-0000-000000000002"),
		{"grantControls": {"builtInControls": ["compliantDevice"]}},
		{"grantControls": {"builtInControls": ["mfa"], "authenticationStrength": null}},
		{"grantControls": null},
		{"conditions": {"users": {"includeRoles": fourteen}}},
		{"conditions": {"users": {"excludeUsers": ["break-glass", "boss"]}}},
		{"conditions": {"users": {"excludeGroups": ["everybody"]}}},
		{"conditions": {"users": {"excludeRoles": [directory_roles.global_administrator]}}},
		{"conditions": {"applications": {"excludeApplications": ["app-1"]}}},
		{"conditions": {"clientAppTypes": ["browser"]}},
		{"conditions": {"signInRiskLevels": ["high"]}},
		{"conditions": {"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}}}},
		{"conditions": {"users": null}},
	] {
		evidence := _evidence(changes)
		not phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as _parameters
		count(phishing_resistant_admins.reasons) == 1 with data.evidence as evidence with data.parameters as _parameters
	}
}

_compliant(policies) if {
	evidence := {"entra": {"conditional_access_policies": policies, "authentication_strengths": []}}
	phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as _parameters
}

test_required_by_policies_together if {
	reader := "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	others := object.union(_policy, {"conditions": {"users": {"includeRoles": [role | some role in (directory_roles.administrative_roles - {reader})]}}})
	one := object.union(_policy, {"conditions": {"users": {"includeRoles": [reader]}}})
	_compliant([others, one])
	modern := object.union(one, {"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}})
	legacy := object.union(_policy, {"conditions": {"clientAppTypes": ["exchangeActiveSync", "other"]}, "grantControls": {"builtInControls": ["block"], "authenticationStrength": null}})
	_compliant([others, modern, legacy])
	not _compliant([others, modern])
}

test_the_missing_role_is_named if {
	reader := "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	evidence := _evidence({"conditions": {"users": {"includeRoles": [role | some role in (directory_roles.administrative_roles - {reader})]}}})
	phishing_resistant_admins.reasons == {"nothing demands it of the role Global Reader, whichever the client and the app"} with data.evidence as evidence
		with data.parameters as _parameters
}

test_excluded_roles if {
	every role in ["d29b2b05-8046-44ba-8758-1e26182fcf32", "directory-readers"] {
		_compliant([object.union(_policy, {"conditions": {"users": {"excludeRoles": [role]}}})])
	}
	evidence := _evidence({"conditions": {"users": {"excludeRoles": [directory_roles.global_administrator]}}})
	emergency := {"emergency_access": ["break-glass", directory_roles.global_administrator]}
	phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as emergency
	not phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as _parameters
}

test_by_the_strength_in_the_policy_alone if {
	policy := object.union(_policy, {"grantControls": {"authenticationStrength": {"id": "keys", "allowedCombinations": ["fido2"]}}})
	evidence := {"entra": {"conditional_access_policies": [policy]}}
	phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as _parameters
	weak := object.union(_policy, {"grantControls": {"authenticationStrength": {"id": "keys"}}})
	not phishing_resistant_admins.compliant with data.evidence as {"entra": {"conditional_access_policies": [weak]}} with data.parameters as _parameters
}

test_exclusions_have_to_be_named if {
	evidence := _evidence({})
	nobody := {"emergency_access": []}
	not phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as nobody
}

test_missing_fields if {
	every policies in [[], [{"id": "p1"}], [object.remove(_policy, {"conditions"})], [object.remove(_policy, {"grantControls"})]] {
		evidence := {"entra": {"conditional_access_policies": policies, "authentication_strengths": []}}
		not phishing_resistant_admins.compliant with data.evidence as evidence with data.parameters as _parameters
	}
}
