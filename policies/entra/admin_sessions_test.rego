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
		admin_sessions.reasons == {"no policy for administrators makes them sign in again within 4 hours"} with data.evidence as evidence
			with data.parameters as _parameters
	}
}

test_persistent if {
	every browser in [{"mode": "always"}, {"isEnabled": false}, {"mode": null}] {
		evidence := _evidence({"sessionControls": {"persistentBrowser": browser}})
		not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
		admin_sessions.reasons == {"no policy for administrators forbids persistent browser sessions"} with data.evidence as evidence
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

test_in_different_policies if {
	evidence := {"entra": {"conditional_access_policies": [
		object.union(_policy, {"id": "p1", "sessionControls": {"persistentBrowser": null}}),
		object.union(_policy, {"id": "p2", "sessionControls": {"signInFrequency": null}}),
	]}}
	not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
	admin_sessions.reasons == {"the sign-in frequency and the ban of persistent browser sessions are in different policies"} with data.evidence as evidence
		with data.parameters as _parameters
}

test_no_policy_for_all_administrators if {
	every changes in [
		{"state": "disabled"},
		{"grantControls": null},
		{"grantControls": {"builtInControls": ["mfa", "compliantDevice"]}},
		{"conditions": {"users": {"includeRoles": [directory_roles.global_administrator]}}},
		{"conditions": {"users": {"excludeUsers": ["boss"]}}},
		{"conditions": {"applications": {"includeApplications": ["Office365"]}}},
		{"conditions": {"platforms": {"includePlatforms": ["windows"]}}},
		{"conditions": {"users": null}},
	] {
		evidence := _evidence(changes)
		not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
		admin_sessions.reasons == {"no enabled Conditional Access policy demands multifactor authentication of all administrative roles in all cloud apps"} with data.evidence as evidence
			with data.parameters as _parameters
	}
}

test_two_policies_of_one_id_do_not_add_up if {
	frequency := object.union(object.remove(_policy, {"sessionControls"}), {"sessionControls": {"signInFrequency": _policy.sessionControls.signInFrequency}})
	browser := object.union(object.remove(_policy, {"sessionControls"}), {"sessionControls": {"persistentBrowser": _policy.sessionControls.persistentBrowser}})
	evidence := {"entra": {"conditional_access_policies": [frequency, browser]}}
	not admin_sessions.compliant with data.evidence as evidence with data.parameters as _parameters
	reasons := admin_sessions.reasons with data.evidence as evidence with data.parameters as _parameters
	reasons == {"the sign-in frequency and the ban of persistent browser sessions are in different policies"}
}
