package policies.lib.conditional_access_ways_test

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

_user(record, names) := conditional_access.user(record.id, account, record.groups, record.roles, names) if {
	account := conditional_access.account(object.get(record, "userType", null), object.get(record, "userPrincipalName", null))
}

_with(changes) := object.union(_everything, changes)

_users(changes) := _with({"conditions": {"users": changes}})

_conditions(changes) := _with({"conditions": changes})

_without(path) := json.remove(_everything, [path])

_clients := {"browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"}

# Apps of the tenant: two of them, and a suite that may hold either.
_mail := "00000002-0000-0ff1-ce00-000000000000"

_azure := "797f4846-ba00-4fd7-ba43-dac1f8f63013"

_answers_all(policies) if conditional_access.answered_for_everyone(policies, conditional_access.by_way(policies, _clients))

test_kinds_of_clients if {
	conditional_access.clients == _clients
	conditional_access.legacy_clients == {"exchangeActiveSync", "other"}
}

test_applies_to_every_client_and_app if {
	every client in _clients {
		every app in ["*", _mail, "Office365"] {
			conditional_access.applies(_everything, client, app)
		}
	}
}

test_applies_to_the_clients_it_names if {
	policy := _conditions({"clientAppTypes": ["other", "browser"]})
	{client | some client in _clients; conditional_access.applies(policy, client, "*")} == {"other", "browser"}
	every types in [[], ["easSupported"], ["All"], null, "all"] {
		every client in _clients {
			not conditional_access.applies(_conditions({"clientAppTypes": types}), client, "*")
		}
	}
	not conditional_access.applies(_without("conditions/clientAppTypes"), "browser", "*")
}

test_applies_to_the_apps_it_names if {
	policy := _conditions({"applications": {"includeApplications": [_mail, "Office365"]}})
	conditional_access.applies(policy, "browser", _mail)
	conditional_access.applies(policy, "browser", "Office365")
	not conditional_access.applies(policy, "browser", _azure)
	not conditional_access.applies(policy, "browser", "*")
}

test_applies_to_no_app_it_leaves_out if {
	policy := _conditions({"applications": {"excludeApplications": [_mail]}})
	conditional_access.applies(policy, "browser", "*")
	conditional_access.applies(policy, "browser", _azure)
	not conditional_access.applies(policy, "browser", _mail)
	not conditional_access.applies(policy, "browser", "Office365")
	suite := _conditions({"applications": {"excludeApplications": ["Office365"]}})
	not conditional_access.applies(suite, "browser", _mail)
	not conditional_access.applies(suite, "browser", "MicrosoftAdminPortals")
}

test_applies_to_no_app_when_narrowed if {
	every _, apps in {
		"none": {"includeApplications": ["None"]},
		"empty": {"includeApplications": []},
		"exclusions unknown": {"excludeApplications": null},
		"a user action": {"includeUserActions": ["urn:user:registersecurityinfo"]},
		"an authentication context": {"includeAuthenticationContextClassReferences": ["c1"]},
		"a filter": {"applicationFilter": {"mode": "exclude", "rule": "CustomSecurityAttribute.x -eq \"y\""}},
		"a field of tomorrow": {"networkAccess": {"kind": "internet"}},
	} {
		not conditional_access.applies(_conditions({"applications": apps}), "browser", _mail)
		not _answers_all([_conditions({"applications": apps})])
	}
	every policy in [
		_conditions({"applications": null}),
		_without("conditions/applications"),
		_without("conditions/applications/excludeApplications"),
		_without("conditions/applications/includeApplications"),
	] {
		not conditional_access.applies(policy, "browser", "*")
		not _answers_all([policy])
	}
}

test_ways_are_answered_by_policies_together if {
	every _, policies in {
		"one": [_everything],
		"by client": [_conditions({"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"]}), _conditions({"clientAppTypes": ["other", "exchangeActiveSync"]})],
		"by app": [
			_conditions({"applications": {"excludeApplications": [_azure, "Office365"]}}),
			_conditions({"applications": {"includeApplications": [_azure, "Office365"]}}),
		],
		"leaving out different apps": [
			_conditions({"applications": {"excludeApplications": [_azure]}}),
			_conditions({"applications": {"excludeApplications": [_mail]}}),
		],
	} {
		_answers_all(policies)
	}
}

test_ways_are_left_open if {
	every _, policies in {
		"no policy": [],
		"a client": [_conditions({"clientAppTypes": ["browser", "other"]}), _conditions({"clientAppTypes": ["exchangeActiveSync", "other"]})],
		"an app": [_conditions({"applications": {"excludeApplications": [_azure]}})],
		"an app with one client": [
			_conditions({"applications": {"excludeApplications": [_azure]}}),
			_conditions({"clientAppTypes": ["browser"], "applications": {"includeApplications": [_azure]}}),
		],
		"an app in a suite": [
			_conditions({"applications": {"excludeApplications": [_mail]}}),
			_conditions({"applications": {"includeApplications": ["Office365"]}}),
		],
	} {
		not _answers_all(policies)
	}
}

_synchronization := "d29b2b05-8046-44ba-8758-1e26182fcf32"

test_answered_for_everyone_only_if_nobody_is_left_out if {
	_answers_all([_users({"excludeRoles": [_synchronization]})])
	every users in [
		{"includeUsers": [], "includeGroups": ["staff"]},
		{"excludeUsers": ["break-glass"]},
		{"excludeGroups": ["vault"]},
		{"excludeRoles": ["helpdesk"]},
		{"excludeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest"}},
		{"excludeUsers": null},
	] {
		not _answers_all([_users(users)])
	}
}

test_answered_for_a_user if {
	policies := [
		_conditions({"clientAppTypes": ["browser", "mobileAppsAndDesktopClients"], "users": {"excludeUsers": ["bo"]}}),
		_conditions({"clientAppTypes": ["other", "exchangeActiveSync"]}),
	]
	ways := conditional_access.by_way(policies, _clients)
	conditional_access.answered_for(_covering(_ada, policies), ways)
	not conditional_access.answered_for(_covering(object.union(_ada, {"id": "bo"}), policies), ways)
	not conditional_access.answered_for(_covering(_ada, policies), conditional_access.by_way([], _clients))
}

_covering(record, policies) := conditional_access.covering(policies, user, including) if {
	user := _user(record, conditional_access.named(policies))
	including := {name: places |
		some policy in policies
		some name in conditional_access.includes_by(policy)
		places := {i | some i, other in policies; name in conditional_access.includes_by(other)}
	}
}

test_covering if {
	every users in [
		{"includeUsers": ["All"]},
		{"includeUsers": ["ada"]},
		{"includeUsers": [], "includeGroups": ["staff"]},
		{"includeUsers": [], "includeRoles": ["helpdesk"]},
	] {
		_covering(_ada, [_users(users)]) == {0}
	}
	every users in [
		{"includeUsers": ["GuestsOrExternalUsers"]},
		{"includeUsers": [], "includeGuestsOrExternalUsers": {"guestOrExternalUserTypes": "internalGuest,b2bCollaborationGuest", "externalTenants": null}},
	] {
		_covering(object.union(_ada, {"userType": "Guest"}), [_users(users)]) == {0}
		_covering(_ada, [_users(users)]) == set()
	}
	every users in [{"includeUsers": ["bo"]}, {"excludeUsers": ["ada"]}, {"excludeGroups": ["staff"]}, {"includeDepartments": ["sales"]}] {
		_covering(_ada, [_users(users)]) == set()
	}
}

test_includes_by if {
	conditional_access.includes_by(_users({"includeUsers": ["bo"], "includeGroups": ["staff"]})) == {"bo", "staff"}
	conditional_access.includes_by(_without("conditions/users/includeGuestsOrExternalUsers")) == {"All"}
	every policy in [_users({"includeDepartments": ["sales"]}), _without("conditions/users"), _conditions({"users": "All"})] {
		not conditional_access.includes_by(policy)
	}
}

test_unanswered_roles if {
	roles := {"helpdesk", "global", "reader"}
	helpdesk := _users({"includeUsers": [], "includeRoles": ["helpdesk"]})
	others := _users({"includeUsers": [], "includeRoles": ["global", "reader"]})
	browsers := object.union(others, {"conditions": {"clientAppTypes": ["browser"]}})
	_unanswered([helpdesk, others], roles) == set()
	_unanswered([_everything], roles) == set()
	_unanswered([helpdesk, browsers], roles) == {"global", "reader"}
	_unanswered([], roles) == roles
}

_unanswered(policies, roles) := conditional_access.unanswered_roles(policies, roles, conditional_access.by_way(policies, _clients))

_assignment(role, principal, type) := {"principalId": principal, "roleDefinitionId": role, "principal": {"@odata.type": type}}

test_complete_groups if {
	lists := [{"groupId": "staff", "complete": true}, {"groupId": "board", "complete": false}, {"groupId": "vault"}]
	conditional_access.complete_groups(lists) == {"staff"}
	conditional_access.complete_groups([]) == set()
}

test_knows_excluded if {
	policy := _users({"excludeUsers": ["break-glass"], "excludeGroups": ["staff"], "excludeRoles": ["helpdesk", _synchronization]})
	conditional_access.knows_excluded(_everything, set(), null)
	conditional_access.knows_excluded(_users({"excludeRoles": [_synchronization]}), set(), null)
	conditional_access.knows_excluded(policy, {"staff"}, [])
	conditional_access.knows_excluded(policy, {"staff", "desk"}, [
		_assignment("helpdesk", "ada", "#microsoft.graph.user"),
		_assignment("helpdesk", "app", "#microsoft.graph.servicePrincipal"),
		_assignment("helpdesk", "desk", "#microsoft.graph.group"),
		_assignment("global", "unknown", "#microsoft.graph.group"),
	])
}

test_knows_not_whom_else_it_excludes if {
	policy := _users({"excludeGroups": ["staff"], "excludeRoles": ["helpdesk"]})
	not conditional_access.knows_excluded(policy, {"board"}, [])
	not conditional_access.knows_excluded(policy, {"staff"}, null)
	not conditional_access.knows_excluded(policy, {"staff"}, [_assignment("helpdesk", "desk", "#microsoft.graph.group")])
	not conditional_access.knows_excluded(policy, {"staff"}, [{"principalId": "desk", "roleDefinitionId": "helpdesk"}])
	not conditional_access.knows_excluded(policy, {"staff"}, [{"principalId": "desk"}])

	not conditional_access.knows_excluded(_users({"excludeUsers": ["ada@contoso.example"]}), set(), [])
	not conditional_access.knows_excluded(_users({"excludeRoles": ["global administrator"]}), set(), [])
	not conditional_access.knows_excluded(policy, {"staff"}, [{"principalId": "staff"}])
	not conditional_access.knows_excluded(_users({"excludeGroups": null}), set(), [])
	not conditional_access.knows_excluded(_without("conditions"), set(), [])
}
