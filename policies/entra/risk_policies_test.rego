package policies.entra.risk_policies_test

import data.policies.entra.risk_policies

_now := "2026-03-01T00:00:00Z"

_user := {
	"id": "ada", "accountEnabled": true, "userType": "Member", "userPrincipalName": "ada@contoso.example",
	"roles": [], "groups": [{"groupId": "staff", "memberId": "ada"}],
}

# What sets the two controls apart: their parameters, and a grant that satisfies the one and not the other.
_members := {
	"SigninRiskPolicy": {
		"parameters": {"condition": "signInRiskLevels", "answer": "mfa", "risk_levels": ["high"]},
		"other_condition": "userRiskLevels",
		"grant": {"operator": "OR", "builtInControls": ["mfa"]},
		"bad_grants": [
			{"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]},
			{"operator": "OR", "builtInControls": ["compliantDevice"]},
			{"operator": "OR", "builtInControls": []},
		],
	},
	"UserRiskPolicy": {
		"parameters": {"condition": "userRiskLevels", "answer": "password_change", "risk_levels": ["high"]},
		"other_condition": "signInRiskLevels",
		"grant": {"operator": "AND", "builtInControls": ["mfa", "passwordChange"]},
		"bad_grants": [
			{"operator": "OR", "builtInControls": ["mfa", "passwordChange"]},
			{"operator": "AND", "builtInControls": ["passwordChange"]},
			{"operator": "OR", "builtInControls": ["mfa"]},
			{"operator": "AND", "builtInControls": ["riskRemediation"]},
			{"operator": "AND", "builtInControls": ["unknownFutureValue"], "authenticationStrength": _multifactor},
			{"operator": "OR", "builtInControls": ["riskRemediation"], "authenticationStrength": _multifactor},
		],
	},
}

# The strength that Microsoft ships for multifactor authentication.
_multifactor := {"id": "00000000-0000-0000-0000-000000000002"}

_policy(member, levels) := {
	"id": "p1", "state": "enabled",
	"conditions": {
		"users": {
			"includeUsers": ["All"], "excludeUsers": [], "includeGroups": [], "excludeGroups": ["pilots"],
			"includeRoles": [], "excludeRoles": [],
		},
		"applications": {"includeApplications": ["All"], "excludeApplications": []},
		"clientAppTypes": ["all"],
		member.parameters.condition: levels,
		member.other_condition: [],
	},
	"grantControls": member.grant,
}

_evidence(policies) := {"entra": {
	"conditional_access_policies": policies,
	"group_member_lists": [{"groupId": "pilots", "complete": true}, {"groupId": "staff", "complete": true}],
	"role_assignments": [],
	"security_defaults": {"isEnabled": false},
}}

test_answered if {
	every member in _members {
		evidence := _evidence([_policy(member, ["medium", "high"])])
		risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		risk_policies.reasons == set() with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	}
}

test_answered_by_a_block if {
	every member in _members {
		policy := object.union(_policy(member, ["high"]), {"grantControls": {"operator": "OR", "builtInControls": ["block"]}})
		evidence := _evidence([policy])
		risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	}
}

test_answered_by_two_policies_together if {
	every member in _members {
		parameters := object.union(member.parameters, {"risk_levels": ["medium", "high"]})
		both := _evidence([_policy(member, ["high"]), _policy(member, ["medium"])])
		one := _evidence([_policy(member, ["high"])])
		risk_policies.compliant with input as _user with data.evidence as both with data.parameters as parameters with data.now as _now
		not risk_policies.compliant with input as _user with data.evidence as one with data.parameters as parameters with data.now as _now
	}
}

test_not_answered_at_a_lower_level_alone if {
	every member in _members {
		every levels in [["low"], ["medium"], ["High"], []] {
			evidence := _evidence([_policy(member, levels)])
			not risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
			count(risk_policies.reasons) == 1 with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_not_answered_by_another_grant if {
	every member in _members {
		every grant in member.bad_grants {
			policy := object.union(_policy(member, ["high"]), {"grantControls": grant})
			evidence := _evidence([policy])
			not risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_not_answered_by_a_narrower_policy if {
	every member in _members {
		every changes in [
			{"state": "enabledForReportingButNotEnforced"},
			{"conditions": {member.other_condition: ["high"]}},
			{"conditions": {"applications": {"excludeApplications": ["app-1"]}}},
			{"conditions": {"clientAppTypes": ["browser"]}},
			{"conditions": {"users": {"excludeGroups": ["staff"]}}},
			{"conditions": {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}}},
			{"grantControls": null},
		] {
			evidence := _evidence([object.union(_policy(member, ["high"]), changes)])
			not risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_answered_by_policies_for_different_clients_together if {
	every member in _members {
		modern := object.union(_policy(member, ["high"]), {"conditions": {"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}})
		legacy := object.union(_policy(member, []), {"conditions": {"clientAppTypes": ["exchangeActiveSync", "other"]}, "grantControls": {"builtInControls": ["block"]}})
		both := _evidence([modern, legacy])
		risk_policies.compliant with input as _user with data.evidence as both with data.parameters as member.parameters with data.now as _now
		every policies in [[modern], [legacy], [modern, object.union(legacy, {"grantControls": {"builtInControls": ["mfa"]}})]] {
			evidence := _evidence(policies)
			not risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		}
	}
}

test_members_of_an_excluded_group_unknown if {
	every member in _members {
		evidence := object.union(_evidence([_policy(member, ["high"])]), {"entra": {"group_member_lists": []}})
		not risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	}
}

test_security_defaults_award_full_points if {
	every member in _members {
		on := {"entra": {"conditional_access_policies": [], "security_defaults": {"isEnabled": true}}}
		by_results := object.union(member.parameters, {"security_defaults_award_full_points": true})
		by_policies := object.union(member.parameters, {"security_defaults_award_full_points": false})
		risk_policies.compliant with input as _user with data.evidence as on with data.parameters as by_results with data.now as _now
		risk_policies.everyone with data.evidence as on with data.parameters as by_results
		not risk_policies.compliant with input as _user with data.evidence as on with data.parameters as by_policies with data.now as _now
		not risk_policies.everyone with data.evidence as on with data.parameters as by_policies
		not risk_policies.compliant with input as _user with data.evidence as _evidence([]) with data.parameters as by_results with data.now as _now
		not risk_policies.everyone with data.evidence as {"entra": {}} with data.parameters as by_results
	}
}

test_everyone_by_policy if {
	every member in _members {
		policy := object.union(_policy(member, ["high"]), {"conditions": {"users": {"excludeGroups": []}}})
		risk_policies.everyone with data.evidence as {"entra": {"conditional_access_policies": [policy]}} with data.parameters as member.parameters
		both := object.union(member.parameters, {"risk_levels": ["medium", "high"]})
		none := object.union(member.parameters, {"risk_levels": []})
		every parameters in [both, none] {
			not risk_policies.everyone with data.evidence as {"entra": {"conditional_access_policies": [policy]}} with data.parameters as parameters
		}
		not risk_policies.everyone with data.evidence as _evidence([_policy(member, ["high"])]) with data.parameters as member.parameters
	}
}

test_scope_of_what_the_users_lack if {
	service := {"roleDefinitionId": "helpdesk", "directoryScopeId": "/", "principal": {"@odata.type": "#microsoft.graph.servicePrincipal"}}
	app := {"id": "app", "roles": [service], "groups": []}
	risk_policies.in_scope == false with input as app with data.evidence as _evidence([]) with data.now as _now
	risk_policies.in_scope with input as {"id": "bo", "roles": [], "groups": [{"groupId": "staff"}]} with data.evidence as _evidence([]) with data.now as _now
}

test_accounts_that_synchronize_do_not_count if {
	user := object.union(_user, {"roles": [{"roleDefinitionId": "d29b2b05-8046-44ba-8758-1e26182fcf32", "directoryScopeId": "/"}]})
	risk_policies.in_scope == false with input as user with data.evidence as _evidence([]) with data.now as _now
}

test_partly_answered if {
	every member in _members {
		evidence := _evidence([_policy(member, ["high"])])
		pilot := object.union(_user, {"groups": [{"groupId": "pilots"}]})
		risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		not risk_policies.compliant with input as pilot with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	}
}

test_not_answered_for_a_user_with_missing_fields if {
	every member in _members {
		evidence := _evidence([_policy(member, ["high"])])
		user := object.remove(_user, {"groups"})
		not risk_policies.compliant with input as user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	}
}

test_no_level_to_answer_is_no_answer if {
	member := _members.SigninRiskPolicy
	parameters := object.union(member.parameters, {"risk_levels": []})
	evidence := _evidence([_policy(member, ["high"])])
	not risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as parameters with data.now as _now
}

test_scope if {
	risk_policies.in_scope with input as _user
	risk_policies.in_scope with input as object.remove(_user, {"accountEnabled"})
	risk_policies.in_scope with input as object.union(_user, {"accountEnabled": null})
	disabled := object.union(_user, {"accountEnabled": false})
	risk_policies.in_scope == false with input as disabled
}

test_user_type_missing_is_no_member if {
	every member in _members {
		user := object.remove(_user, {"userType"})
		policy := object.union(_policy(member, ["high"]), {"conditions": {"users": {"excludeUsers": ["GuestsOrExternalUsers"]}}})
		evidence := _evidence([policy])
		risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
		not risk_policies.compliant with input as user with data.evidence as evidence with data.parameters as member.parameters with data.now as _now
	}
}

test_risk_remediation_answers_a_risk_of_the_user if {
	grant := {"operator": "AND", "builtInControls": ["riskRemediation"], "authenticationStrength": _multifactor}
	every id, compliant in {"UserRiskPolicy": true, "SigninRiskPolicy": true} {
		evidence := _evidence([object.union(_policy(_members[id], ["high"]), {"grantControls": grant})])
		compliant == risk_policies.compliant with input as _user with data.evidence as evidence with data.parameters as _members[id].parameters with data.now as _now
	}
}
