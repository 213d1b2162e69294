package policies.entra.admin_sessions_test

import data.policies.entra.admin_sessions
import data.policies.lib.directory_roles

_parameters := {"max_hours": 4, "emergency_access": ["break-glass"]}

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
	"grantControls": {"operator": "OR", "builtInControls": ["mfa"]},
	"sessionControls": {
		"signInFrequency": {"isEnabled": true, "value": 4, "type": "hours", "frequencyInterval": "timeBased"},
		"persistentBrowser": {"isEnabled": true, "mode": "never"},
	},
}

_evidence(changes) := {"entra": {"conditional_access_policies": [object.union(_policy, changes)]}}

_frequency(changes) := {"sessionControls": {"signInFrequency": changes}}

test_short if {
	every changes in [{}, _frequency({"value": 1}), _frequency({"value": null, "type": null, "frequencyInterval": "everyTime"})] {
		evidence := _evidence(changes)
		admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
		admin_sessions.reasons == set() with data.evidence as evidence with data.parameters as _parameters
	}
}

test_a_day_where_the_organization_allows_it if {
	evidence := _evidence(_frequency({"value": 1, "type": "days"}))
	day := object.union(_parameters, {"max_hours": 24})
	admin_sessions.compliant with data.evidence as evidence with data.parameters as day
	not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
}

test_long if {
	every frequency in [{"value": 5}, {"value": 1, "type": "days"}, {"isEnabled": false}, {"value": null}, {"value": "4"}] {
		evidence := _evidence(_frequency(frequency))
		not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
		admin_sessions.reasons == {"no enabled Conditional Access policy demands a new sign-in within 4 hours of all administrative roles in all cloud apps"} with data.evidence as evidence
			with data.parameters as _parameters
	}
}

test_persistent if {
	every browser in [{"mode": "always"}, {"isEnabled": false}, {"mode": null}] {
		evidence := _evidence({"sessionControls": {"persistentBrowser": browser}})
		not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
		admin_sessions.reasons == {"no enabled Conditional Access policy demands a new sign-in after the browser was closed of all administrative roles in all cloud apps"} with data.evidence as evidence
			with data.parameters as _parameters
	}
}

test_not_at_every_sign_in if {
	every conditions in [{"clientAppTypes": ["browser"]}, {"signInRiskLevels": ["high"]}, {"userRiskLevels": ["high"]}] {
		evidence := _evidence({"conditions": conditions})
		not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
	}
}

test_no_session_controls if {
	evidence := _evidence({"sessionControls": null})
	not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
	count(admin_sessions.reasons) == 2 with data.evidence as evidence with data.parameters as _parameters
}

_compliant(policies) if {
	evidence := {"entra": {"conditional_access_policies": policies}}
	admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
}

# Conditional Access applies all policies that cover a sign-in.
test_by_policies_together if {
	frequency := object.union(_policy, {"sessionControls": {"persistentBrowser": null}})
	browser := object.union(_policy, {"grantControls": null, "sessionControls": {"signInFrequency": null}})
	_compliant([frequency, browser])
	modern := object.union(_policy, {"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}})
	legacy := object.union(_policy, {
		"conditions": {"clientAppTypes": ["exchangeActiveSync", "other"]},
		"grantControls": {"builtInControls": ["block"]}, "sessionControls": null,
	})
	_compliant([modern, legacy])
	not _compliant([modern, object.union(legacy, {"grantControls": {"builtInControls": ["compliantDevice"]}})])
}

test_by_policies_that_share_the_roles if {
	reader := "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	others := object.union(_policy, {"conditions": {"users": {"includeRoles": [role | some role in (directory_roles.administrative_roles - {reader})]}}})
	one := object.union(_policy, {"conditions": {"users": {"includeRoles": [reader]}}})
	_compliant([others, one])
	not _compliant([others])
	reasons := admin_sessions.reasons with data.evidence as {"entra": {"conditional_access_policies": [others]}} with data.parameters as _parameters
	reasons == {
		"nothing demands multifactor authentication of the role Global Reader, whichever the client and the app",
		"nothing demands a new sign-in within 4 hours of the role Global Reader, whichever the client and the app",
		"nothing demands a new sign-in after the browser was closed of the role Global Reader, whichever the client and the app",
	}
}

test_excluded_roles if {
	every role in ["d29b2b05-8046-44ba-8758-1e26182fcf32", "directory-readers"] {
		_compliant([object.union(_policy, {"conditions": {"users": {"excludeRoles": [role]}}})])
	}
	reader := "f2ef992c-3afb-46b9-b7cf-a126ee74c451"
	evidence := _evidence({"conditions": {"users": {"excludeRoles": [reader]}}})
	not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
	emergency := object.union(_parameters, {"emergency_access": ["break-glass", reader]})
	admin_sessions.compliant with data.evidence as evidence with data.parameters as emergency
}

test_no_policy_for_all_administrators if {
	every changes in [
		{"state": "disabled"},
		{"conditions": {"users": {"includeRoles": []}}},
		{"conditions": {"users": {"excludeUsers": ["boss"]}}},
		{"conditions": {"applications": {"includeApplications": ["Office365"]}}},
		{"conditions": {"platforms": {"includePlatforms": ["windows"]}}},
		{"conditions": {"users": null}},
	] {
		evidence := _evidence(changes)
		not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
		count(admin_sessions.reasons) == 3 with data.evidence as evidence with data.parameters as _parameters
	}
}

test_no_multifactor_authentication if {
	every grant in [null, {"builtInControls": ["mfa", "compliantDevice"]}] {
		evidence := _evidence({"grantControls": grant})
		not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
		admin_sessions.reasons == {"no enabled Conditional Access policy demands multifactor authentication of all administrative roles in all cloud apps"} with data.evidence as evidence
			with data.parameters as _parameters
	}
}
