package policies.lib.conditional_access_test

import data.policies.lib.conditional_access

# A policy that covers everybody and everything, and demands multifactor authentication.
_everything := {
	"id": "policy-1",
	"state": "enabled",
	"conditions": {
		"users": {
			"includeUsers": ["All"], "excludeUsers": [],
			"includeGroups": [], "excludeGroups": [],
			"includeRoles": [], "excludeRoles": [],
			"includeGuestsOrExternalUsers": null, "excludeGuestsOrExternalUsers": null,
		},
		"applications": {
			"includeApplications": ["All"], "excludeApplications": [],
			"includeUserActions": [], "includeAuthenticationContextClassReferences": [],
			"applicationFilter": null,
		},
		"clientAppTypes": ["all"],
		"signInRiskLevels": [], "userRiskLevels": [],
		"platforms": null, "locations": null, "devices": null, "clientApplications": null,
	},
	"grantControls": {"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": [], "termsOfUse": [], "authenticationStrength": null},
	"sessionControls": null,
}

_ada := {
	"id": "ada", "userType": "Member", "userPrincipalName": "ada@contoso.example",
	"groups": [{"groupId": "staff", "memberId": "ada"}],
	"roles": [{"roleDefinitionId": "helpdesk", "directoryScopeId": "/"}],
}

_guest := {"id": "gus", "userType": "Guest", "groups": [], "roles": []}

_user(record, names) := conditional_access.user(record.id, account, record.groups, record.roles, names) if {
	account := conditional_access.account(object.get(record, "userType", null), object.get(record, "userPrincipalName", null))
}

_covers(policy, record) if conditional_access.covers(policy, _user(record, conditional_access.named([policy])))

_with(changes) := object.union(_everything, changes)

_users(changes) := _with({"conditions": {"users": changes}})

_conditions(changes) := _with({"conditions": changes})

_grant(changes) := _with({"grantControls": changes})

_without(path) := json.remove(_everything, [path])

test_enabled_only_in_the_state_enabled if {
	conditional_access.enabled(_everything)
	every state in ["disabled", "enabledForReportingButNotEnforced", "Enabled", "", null, true, ["enabled"]] {
		not conditional_access.enabled(_with({"state": state}))
	}
	not conditional_access.enabled(_without("state"))
}

test_enabled_in_stages_is_not_enabled if {
	conditional_access.enabled(_with({"partialEnablementStrategy": null}))
	not conditional_access.enabled(_with({"partialEnablementStrategy": {"percentage": 10}}))
}

test_users_are_told_apart_by_what_policies_name if {
	policies := [_users({"includeGroups": ["staff"], "excludeUsers": ["bo"]}), _users({"excludeUsers": ["All", 7], "includeRoles": ["helpdesk"]})]
	names := conditional_access.named(policies)
	names == {"staff", "bo", "All", 7, "helpdesk"}
	scoped := {"roleDefinitionId": "helpdesk", "directoryScopeId": "/administrativeUnits/oslo"}
	_user(object.union(_ada, {"roles": [scoped, {"roleDefinitionId": "global", "directoryScopeId": "/"}]}), names) == {
		"ids": set(),
		"account": "member",
		"groups": {"staff"},
		"roles": {"helpdesk"},
		"directory_roles": set(),
	}
	_user(_ada, {"ada", "helpdesk"}) == {
		"ids": {"ada"},
		"account": "member",
		"groups": set(),
		"roles": {"helpdesk"},
		"directory_roles": {"helpdesk"},
	}
}

test_covers_whom_it_includes if {
	every _, users in {
		"everybody": {"includeUsers": ["All"]},
		"in person": {"includeUsers": ["bo", "ada"]},
		"by group": {"includeUsers": [], "includeGroups": ["staff"]},
		"by role": {"includeUsers": [], "includeRoles": ["helpdesk"]},
	} {
		_covers(_users(users), _ada)
	}
}

test_covers_nobody_else if {
	every _, users in {
		"nobody": {"includeUsers": ["None"]},
		"empty": {"includeUsers": []},
		"others": {"includeUsers": ["bo"], "includeGroups": ["board"], "includeRoles": ["global"]},
		"guests": {"includeUsers": ["GuestsOrExternalUsers"]},
		"no list": {"includeUsers": null},
		"bare string": {"includeUsers": "All"},
	} {
		not _covers(_users(users), _ada)
	}
}

test_covers_by_role_only_over_the_whole_directory if {
	policy := _users({"includeUsers": [], "includeRoles": ["helpdesk"]})
	scoped := object.union(_ada, {"roles": [{"roleDefinitionId": "helpdesk", "directoryScopeId": "/administrativeUnits/oslo"}]})
	unscoped := object.union(_ada, {"roles": [{"roleDefinitionId": "helpdesk"}]})
	not _covers(policy, scoped)
	not _covers(policy, unscoped)
}

test_covers_nobody_it_excludes if {
	every _, users in {
		"in person": {"excludeUsers": ["break-glass", "ada"]},
		"by group": {"excludeGroups": ["staff"]},
		"by role": {"excludeRoles": ["helpdesk"]},
		"everybody": {"excludeUsers": ["All"]},
		"although named": {"includeUsers": ["ada"], "excludeGroups": ["staff"]},
	} {
		not _covers(_users(users), _ada)
	}
}

test_covers_the_others_when_somebody_is_excluded if {
	policy := _users({"excludeUsers": ["break-glass"], "excludeGroups": ["board"], "excludeRoles": ["global"]})
	_covers(policy, _ada)
	not _covers(policy, object.union(_ada, {"id": "break-glass"}))
}

test_covers_nobody_excluded_by_a_role_of_narrow_scope if {
	scoped := object.union(_ada, {"roles": [{"roleDefinitionId": "helpdesk", "directoryScopeId": "/administrativeUnits/oslo"}]})
	not _covers(_users({"excludeRoles": ["helpdesk"]}), scoped)
}

test_covers_guests if {
	both := "internalGuest, b2bCollaborationGuest"
	every _, users in {
		"everybody": {},
		"by keyword": {"includeUsers": ["GuestsOrExternalUsers"]},
		"by kind": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": both}},
		"of any tenant": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": both, "externalTenants": {"membershipKind": "all"}}},
	} {
		_covers(_users(users), _guest)
	}
}

test_covers_no_guest_on_doubt if {
	every _, users in {
		"one kind only": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationGuest"}},
		"of some tenants": {"includeUsers": [], "includeGuestsOrExternalUsers": {
			"guestOrExternalUserTypes": "internalGuest,b2bCollaborationGuest",
			"externalTenants": {"membershipKind": "enumerated", "members": ["t1"]},
		}},
		"kinds as a list": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": ["internalGuest", "b2bCollaborationGuest"]}},
		"excluded by keyword": {"excludeUsers": ["GuestsOrExternalUsers"]},
		"excluded by kind": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider,otherExternalUser"}},
		"included by no kind": {"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "none"}},
	} {
		not _covers(_users(users), _guest)
	}
}

test_covers_members_when_guests_are_excluded if {
	every _, users in {
		"by keyword": {"excludeUsers": ["GuestsOrExternalUsers"]},
		"by kind": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest,b2bCollaborationGuest,serviceProvider"}},
		"all kinds": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": _all_kinds}},
		"by nothing": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": null, "externalTenants": null}},
	} {
		_covers(_users(users), _ada)
	}
}

test_covers_no_member_on_doubt if {
	every _, users in {
		"a kind of tomorrow": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "unknownFutureValue"}},
		"kinds as a list": {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": ["internalGuest"]}},
		"an exclusion of tomorrow": {"excludeAgents": ["a1"]},
		"exclusion that is no text": {"excludeUsers": [7]},
		"exclusions that are no list": {"excludeUsers": null},
	} {
		not _covers(_users(users), _ada)
	}
	every users in [{"excludeUsers": ["GuestsOrExternalUsers"]}, {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}}] {
		not _covers(_users(users), object.union(_ada, {"userType": ""}))
	}
}

_all_kinds := "internalGuest,b2bCollaborationGuest,b2bCollaborationMember,b2bDirectConnectUser,otherExternalUser,serviceProvider"

# Somebody who was invited and has the type of a member, and a member of whom nobody knows.
test_covers_no_external_member_who_is_excluded if {
	every account in [{"userPrincipalName": "bo_partner.example#ext#@contoso.example"}, {"userPrincipalName": null}] {
		user := object.union(_ada, account)
		_covers(_everything, user)
		_covers(_users({"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest,otherExternalUser"}}), user)
		every users in [
			{"excludeUsers": ["GuestsOrExternalUsers"]},
			{"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "b2bCollaborationMember"}},
			{"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": _all_kinds}},
		] {
			not _covers(_users(users), user)
		}
	}
}

test_kinds_of_accounts if {
	conditional_access.account("Guest", "ada@contoso.example") == "guest"
	conditional_access.account("Member", "ada@contoso.example") == "member"
	conditional_access.account("Member", "ada_x.example#ext#@contoso.example") == "external member"
	conditional_access.account("Member", null) == "external member"
	every user_type in ["", null, "member", 1] {
		conditional_access.account(user_type, "ada@contoso.example") == "unknown"
	}
}

test_covers_nobody_when_a_list_of_exclusions_is_missing if {
	every list in ["excludeUsers", "excludeGroups", "excludeRoles"] {
		not _covers(_without(concat("/", ["conditions/users", list])), _ada)
	}
}

test_covers_nobody_without_conditions if {
	every path in ["conditions/users", "conditions"] {
		not _covers(_without(path), _ada)
	}
	not _covers(_conditions({"users": null}), _ada)
}

test_covers_no_user_who_is_not_fully_known if {
	every field in ["id", "groups", "roles"] {
		not _covers(_everything, object.remove(_ada, {field}))
		not _covers(_everything, object.union(_ada, {field: null}))
	}
}

test_includes_role if {
	conditional_access.includes_role(_everything, "helpdesk")
	conditional_access.includes_role(_users({"includeUsers": [], "includeRoles": ["global", "helpdesk"]}), "helpdesk")
	every users in [
		{"includeUsers": [], "includeRoles": ["global"]},
		{"includeUsers": ["all"]},
		{"includeUsers": [], "includeRoles": null},
		{"includeUsers": [], "includeRoles": []},
	] {
		not conditional_access.includes_role(_users(users), "helpdesk")
	}
	not conditional_access.includes_role(_without("conditions"), "helpdesk")
}

test_excludes_at_most if {
	conditional_access.excludes_at_most(_everything, [], [])
	policy := _users({"excludeUsers": ["break-glass"], "excludeGroups": ["vault"], "excludeRoles": ["sync"]})
	conditional_access.excludes_at_most(policy, ["break-glass", "vault", "other"], {"sync"})
	not conditional_access.excludes_at_most(policy, ["break-glass"], {"sync"})
	not conditional_access.excludes_at_most(policy, ["vault"], {"sync"})
	not conditional_access.excludes_at_most(policy, ["break-glass", "vault"], [])
}

test_excludes_nobody_by_kinds_without_an_account if {
	every kinds in ["serviceProvider", "b2bDirectConnectUser", "b2bDirectConnectUser, serviceProvider", "none"] {
		users := {"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": kinds, "externalTenants": {"membershipKind": "all"}}}
		conditional_access.excludes_at_most(_users(users), [], [])
		_covers(_users(users), _guest)
		_covers(_users(users), _ada)
		_covers(_users(users), object.remove(_ada, {"userType"}))
	}
}

test_excluded_roles if {
	policies := [_users({"excludeRoles": ["a", "b"]}), _everything, _users({"excludeRoles": ["b"]}), _users({"excludeRoles": null})]
	conditional_access.excluded_roles(policies) == {"a", "b"}
}

test_excludes_more_on_doubt if {
	every users in [
		{"excludeUsers": ["GuestsOrExternalUsers"]},
		{"excludeUsers": null},
		{"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "serviceProvider,internalGuest"}},
		{"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": ["serviceProvider"]}},
		{"excludeAgents": ["a1"]},
	] {
		not conditional_access.excludes_at_most(_users(users), ["break-glass"], [])
	}
	every list in ["excludeUsers", "excludeGroups", "excludeRoles"] {
		not conditional_access.excludes_at_most(_without(concat("/", ["conditions/users", list])), [], [])
	}
	not conditional_access.excludes_at_most(_without("conditions"), [], [])
}

test_at_any_risk if {
	conditional_access.at_any_risk(_everything)
	every condition in ["signInRiskLevels", "userRiskLevels"] {
		not conditional_access.at_any_risk(_conditions({condition: ["high"]}))
		not conditional_access.at_any_risk(_conditions({condition: null}))
		not conditional_access.at_any_risk(_without(concat("/", ["conditions", condition])))
	}
}

test_at_risk if {
	policy := _conditions({"signInRiskLevels": ["medium", "high"]})
	conditional_access.at_risk(policy, "signInRiskLevels", "high")
	not conditional_access.at_risk(policy, "signInRiskLevels", "low")
	not conditional_access.at_risk(policy, "userRiskLevels", "high")
	not conditional_access.at_risk(_conditions({"signInRiskLevels": ["high"], "userRiskLevels": ["high"]}), "signInRiskLevels", "high")
	not conditional_access.at_risk(_conditions({"insiderRiskLevels": ["high"]}), "insiderRiskLevels", "high")
}

test_unconditional if {
	every _, conditions in {
		"nothing said": {},
		"nulls in objects": {"devices": {"deviceFilter": {"mode": null, "rule": null}}, "platforms": {"includePlatforms": [], "excludePlatforms": []}},
		"any platform": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": []}},
		"no flow": {"authenticationFlows": {"transferMethods": "none"}},
		"any location": {"locations": {"includeLocations": ["All"], "excludeLocations": []}},
		"annotations": {"authenticationFlows@odata.context": "https://graph.microsoft.com/"},
	} {
		conditional_access.unconditional(_conditions(conditions))
	}
}

test_unconditional_not_when_narrowed if {
	every _, conditions in {
		"a platform": {"platforms": {"includePlatforms": ["android"], "excludePlatforms": []}},
		"all platforms but one": {"platforms": {"includePlatforms": ["all"], "excludePlatforms": ["linux"]}},
		"a location": {"locations": {"includeLocations": ["office"], "excludeLocations": []}},
		"everywhere but trusted places": {"locations": {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}},
		"platforms as text": {"platforms": "all"},
		"some devices": {"devices": {"deviceFilter": {"mode": "exclude", "rule": "device.isCompliant -eq True"}}},
		"workloads": {"clientApplications": {"includeServicePrincipals": ["ServicePrincipalsInMyTenant"]}},
		"a flow": {"authenticationFlows": {"transferMethods": "deviceCodeFlow"}},
		"insider risk": {"insiderRiskLevels": "elevated"},
		"a condition of tomorrow": {"moonPhase": {"is": "full"}},
		"a number": {"hour": 0},
		"a boolean": {"daylight": false},
	} {
		not conditional_access.unconditional(_conditions(conditions))
	}
	not conditional_access.unconditional(_without("conditions"))
	not conditional_access.unconditional(object.union(object.remove(_everything, {"conditions"}), {"conditions": []}))
}

test_requires if {
	every grant in [
		{"builtInControls": ["mfa"]},
		{"builtInControls": ["mfa"], "operator": "AND"},
		{"builtInControls": ["mfa", "compliantDevice"], "operator": "AND"},
		{"builtInControls": ["mfa"], "termsOfUse": ["terms"], "operator": "AND"},
	] {
		conditional_access.requires(_grant(grant), "mfa")
	}
	not conditional_access.requires(_everything, "block")
}

test_requires_nothing_that_can_be_chosen_away if {
	every grant in [
		{"builtInControls": ["mfa", "compliantDevice"]},
		{"termsOfUse": ["terms"]},
		{"customAuthenticationFactors": ["other"]},
		{"authenticationStrength": {"id": "00000000-0000-0000-0000-000000000002"}},
		{"controlOfTomorrow": ["x"]},
		{"builtInControls": ["mfa", "compliantDevice"], "operator": "and"},
		{"builtInControls": ["mfa", "compliantDevice"], "operator": null},
		{"builtInControls": []},
		{"builtInControls": ["MFA"]},
		{"builtInControls": "mfa"},
		{"builtInControls": null},
	] {
		not conditional_access.requires(_grant(grant), "mfa")
	}
}

test_requires_nothing_without_grant_controls if {
	not conditional_access.requires(_with({"grantControls": null}), "mfa")
	not conditional_access.requires(_without("grantControls"), "mfa")
	not conditional_access.requires_mfa(_with({"grantControls": null}))
	not conditional_access.requires_phishing_resistance(_with({"grantControls": null}), [])
}

_strength_of(strength) := _grant({"builtInControls": [], "authenticationStrength": strength})

test_requires_mfa if {
	conditional_access.requires_mfa(_everything)
	every id in ["00000000-0000-0000-0000-000000000002", "00000000-0000-0000-0000-000000000003", "00000000-0000-0000-0000-000000000004"] {
		conditional_access.requires_mfa(_strength_of({"id": id}))
	}
	conditional_access.requires_mfa(_strength_of({"id": "own", "requirementsSatisfied": "mfa"}))
	not conditional_access.requires_mfa(_strength_of({"id": "own", "requirementsSatisfied": "none"}))
	not conditional_access.requires_mfa(_strength_of({"id": "own"}))
	not conditional_access.requires_mfa(_strength_of({"id": null, "requirementsSatisfied": "mfa"}))
	not conditional_access.requires_mfa(_strength_of({"id": "", "requirementsSatisfied": "mfa"}))
	not conditional_access.requires_mfa(_grant({"builtInControls": ["block"]}))
}

test_requires_mfa_not_when_a_device_is_enough if {
	strength := {"id": "00000000-0000-0000-0000-000000000002"}
	either := _grant({"builtInControls": ["compliantDevice"], "authenticationStrength": strength})
	not conditional_access.requires_mfa(either)
	conditional_access.requires_mfa(object.union(either, {"grantControls": {"operator": "AND"}}))
}

_strong := ["fido2", "x509CertificateMultiFactor"]

_weak := ["fido2", "password,microsoftAuthenticatorPush"]

test_requires_phishing_resistance if {
	strengths := [
		{"id": "own", "allowedCombinations": _strong},
		{"id": "weak", "allowedCombinations": _weak},
		{"id": "empty", "allowedCombinations": []},
		{"id": "unknown"},
	]
	conditional_access.requires_phishing_resistance(_strength_of({"id": "00000000-0000-0000-0000-000000000004"}), [])
	conditional_access.requires_phishing_resistance(_strength_of({"id": "own"}), strengths)
	every id in ["weak", "empty", "unknown", "absent", "00000000-0000-0000-0000-000000000002"] {
		not conditional_access.requires_phishing_resistance(_strength_of({"id": id}), strengths)
	}
	not conditional_access.requires_phishing_resistance(_everything, strengths)
}

test_requires_phishing_resistance_by_the_strength_in_the_policy if {
	conditional_access.requires_phishing_resistance(_strength_of({"id": "own", "allowedCombinations": _strong}), [])
	conditional_access.requires_phishing_resistance(_strength_of({"id": "own", "allowedCombinations": []}), [{"id": "own", "allowedCombinations": _strong}])
	every combinations in [_weak, [], null, "fido2", [null]] {
		not conditional_access.requires_phishing_resistance(_strength_of({"id": "own", "allowedCombinations": combinations}), [])
	}
	not conditional_access.requires_phishing_resistance(_strength_of({"id": "own", "allowedCombinations": _weak}), [{"id": "own", "allowedCombinations": _strong}])
}

_session(controls) := _with({"sessionControls": controls})

test_sign_in_hours if {
	every hours, frequency in {
		"0": {"isEnabled": true, "value": null, "type": null, "frequencyInterval": "everyTime"},
		"4": {"isEnabled": true, "value": 4, "type": "hours", "frequencyInterval": "timeBased"},
		"48": {"isEnabled": true, "value": 2, "type": "days", "authenticationType": "primaryAndSecondaryAuthentication"},
	} {
		conditional_access.sign_in_hours(_session({"signInFrequency": frequency})) == to_number(hours)
	}
}

_signs_in_again(policy) if conditional_access.sign_in_hours(policy) >= 0

test_sign_in_hours_undefined_without_a_frequency if {
	every frequency in [
		null,
		{},
		{"isEnabled": false, "value": 4, "type": "hours"},
		{"isEnabled": null, "value": 4, "type": "hours"},
		{"isEnabled": true, "value": "4", "type": "hours"},
		{"isEnabled": true, "value": 0, "type": "hours"},
		{"isEnabled": true, "value": 4, "type": "minutes"},
		{"isEnabled": true, "value": 4, "type": "hours", "frequencyInterval": "sometimes"},
		{"isEnabled": true, "value": 4, "type": "hours", "authenticationType": "secondaryAuthentication"},
	] {
		not _signs_in_again(_session({"signInFrequency": frequency}))
	}
	not _signs_in_again(_everything)
}

test_forgets_browsers if {
	conditional_access.forgets_browsers(_session({"persistentBrowser": {"isEnabled": true, "mode": "never"}}))
	every browser in [null, {}, {"isEnabled": true, "mode": "always"}, {"isEnabled": false, "mode": "never"}, {"mode": "never"}] {
		not conditional_access.forgets_browsers(_session({"persistentBrowser": browser}))
	}
	not conditional_access.forgets_browsers(_everything)
}
