# Conditional Access policies as Microsoft Graph exports them (resource conditionalAccessPolicy): whom a policy covers, which
# sign-ins it applies to, and what it demands.
#
# Each function depends on its arguments alone, and holds on positive evidence alone. A field that is missing, of an odd type or
# of a form that is not known here makes a function undefined: a policy then counts for less than it may do, never for more.
#
# A user is what user makes of a record.
package policies.lib.conditional_access

import data.policies.lib.directory_roles

# The policy takes effect. Report-only policies (enabledForReportingButNotEnforced) and disabled ones demand nothing, and one that
# is being rolled out in stages demands nothing of those who are not reached yet.
enabled(policy) if {
	policy.state == "enabled"
	_silent(object.get(policy, "partialEnablementStrategy", null))
}

# What policies tell one user from another by: the id, the groups and the roles, each as far as they are named (see named), and the kind of
# account (see account). What no policy names makes no difference, so that most users look alike here. Groups are a list of {groupId},
# memberships of nested groups included, and roles a list of role assignments; without one of them, an exclusion could pass unseen, and
# there is no such user.
user(id, account, groups, roles, names) := {
	"ids": {id | id in names},
	"account": account,
	"groups": {group | some membership in groups; group := membership.groupId; group in names},
	"roles": held,
	"directory_roles": {role | some role in held; _over_directory(roles, role)},
} if {
	is_string(id)
	is_string(account)
	is_array(groups)
	is_array(roles)
	held := {role | some assignment in roles; role := assignment.roleDefinitionId; role in names}
}

# The kind of an account, by its userType and userPrincipalName: "guest", "member", or "external member" of somebody who was invited and
# has the type of a member all the same: the sign-in name tells by #EXT# (Microsoft Learn, "Properties of a Microsoft Entra B2B
# collaboration user"), and where it isn't known, so is not whether the member is external. It is "unknown" without a type.
account(user_type, sign_in_name) := "guest" if {
	user_type == "Guest"
} else := "member" if {
	user_type == "Member"
	is_string(sign_in_name)
	not contains(sign_in_name, "#ext#")
} else := "external member" if {
	user_type == "Member"
} else := "unknown"

# The ids of users, groups and roles that any of the policies names.
named(policies) := {id |
	some policy in policies
	some list in ["includeUsers", "excludeUsers", "includeGroups", "excludeGroups", "includeRoles", "excludeRoles"]
	some id in policy.conditions.users[list]
}

# Conditional Access does not act on assignments of roles that are scoped to an administrative unit or to a single object (Microsoft
# Learn, "Conditional Access: Users, groups, agents, and workload identities").
_over_directory(roles, role) if {
	some assignment in roles
	assignment.roleDefinitionId == role
	assignment.directoryScopeId == "/"
}

# The groups of which all members are known, by what entra.group_member_lists says.
complete_groups(lists) := {list.groupId | some list in lists; list.complete == true}

# It is known whom the policy excludes: the members of each group that it excludes are, and so are the holders of each role, except of the
# one for the accounts that synchronize the directory, which nobody counts. Nobody is known to be covered by a policy that may
# exclude anybody, such as users and roles that somebody wrote names of in place of their ids.
knows_excluded(policy, groups, assignments) if {
	users := policy.conditions.users
	every list in [users.excludeUsers, users.excludeRoles] {
		every id in list {
			_is_id(id)
		}
	}
	every group in users.excludeGroups {
		group in groups
	}
	every role in users.excludeRoles {
		_knows_holders(role, groups, assignments)
	}
}

# An id, or a word for several users. It is no sign-in name and no name with a blank.
_is_id(id) if {
	is_string(id)
	regex.match(`^[0-9A-Za-z-]*$`, id)
}

_knows_holders(role, _, _) if role == directory_roles.synchronization

_knows_holders(role, groups, assignments) if {
	is_array(assignments)
	every assignment in assignments {
		is_string(assignment.roleDefinitionId)
		_knows_holder(assignment, role, groups)
	}
}

_knows_holder(assignment, role, _) if assignment.roleDefinitionId != role

_knows_holder(assignment, _, _) if directory_roles.kind(assignment) in {"user", "servicePrincipal"}

_knows_holder(assignment, _, groups) if assignment.principalId in groups

# The policy applies to the user: included in person, by group or by role, and not excluded in any of these ways.
covers(policy, user) if {
	_knows_conditions(policy)
	_reaches(policy, user)
}

# The places of the policies that cover the user. Those of all policies are given by what the policies include users by.
covering(policies, user, including) := {i |
	some name in _included_by(user)
	some i in including[name]
	_reaches(policies[i], user)
}

# What the policy may include a user by: ids of users, groups and roles, and words for several users. A policy with conditions that are not
# known here includes nobody.
includes_by(policy) := ids | guests if {
	_knows_conditions(policy)
	users := policy.conditions.users
	ids := {id | some list in ["includeUsers", "includeGroups", "includeRoles"]; some id in users[list]}
	guests := {"GuestsOrExternalUsers" | is_object(users.includeGuestsOrExternalUsers)}
}

# The policy includes everybody who holds the role. Whom it excludes is asked by excludes_at_most.
includes_role(policy, _) if includes_everybody(policy)

includes_role(policy, role) if role in policy.conditions.users.includeRoles

# The policy includes all users. Whom it excludes is asked by excludes_at_most.
includes_everybody(policy) if "All" in policy.conditions.users.includeUsers

# The policy excludes nobody but users and groups of the given ids, and holders of the given roles.
excludes_at_most(policy, ids, roles) if {
	users := policy.conditions.users
	every excluded in [users.excludeUsers, users.excludeGroups] {
		every id in excluded {
			id in ids
		}
	}
	every role in users.excludeRoles {
		role in roles
	}
	_spares_accounts(object.get(users, "excludeGuestsOrExternalUsers", null))
	_silent(object.remove(users, _judged_user_conditions))
}

# The roles that any of the policies excludes.
excluded_roles(policies) := {role | some policy in policies; some role in policy.conditions.users.excludeRoles}

# Kinds of clients. Those of the second set use legacy authentication.
clients := {"browser", "mobileAppsAndDesktopClients"} | legacy_clients

legacy_clients := {"exchangeActiveSync", "other"}

# For each way to sign in, the places of those of the policies that apply to it. Ways are pairs of a client and an app; the apps that no
# policy leaves out are all alike ("*"), and so are the ways that the same policies apply to. Policies work together: one may ask for what
# another leaves out.
by_way(policies, some_clients) := {both |
	some for_client in by_client
	some for_app in by_app
	both := for_client & for_app
} if {
	apps := {"*"} | {app | some policy in policies; some app in policy.conditions.applications.excludeApplications}
	by_client := {{i | some i, policy in policies; _reaches_client(policy, client)} | some client in some_clients}
	by_app := {{i | some i, policy in policies; _reaches_app(policy, app)} | some app in apps}
}

# Whichever way somebody signs in, one of the policies applies that cover them.
answered_for(covering, ways) if {
	every way in ways {
		some i in covering
		i in way
	}
}

# Whichever way somebody signs in, a policy covers everybody but who synchronizes the directory, whoever that is.
answered_for_everyone(policies, ways) if {
	every way in ways {
		some i in way
		includes_everybody(policies[i])
		excludes_at_most(policies[i], [], {directory_roles.synchronization})
	}
}

# The roles whose holders can sign in in a way that no policy is about.
unanswered_roles(policies, roles, ways) := {role |
	some role in roles
	some way in ways
	not _includes_role(policies, role, way)
}

_includes_role(policies, role, way) if {
	some i in way
	includes_role(policies[i], role)
}

# The policy applies to sign-ins to the app with this kind of client.
applies(policy, client, app) if {
	_reaches_client(policy, client)
	_reaches_app(policy, app)
}

_reaches_client(policy, _) if "all" in policy.conditions.clientAppTypes

_reaches_client(policy, client) if client in policy.conditions.clientAppTypes

# A policy about a user action or an authentication context is about no app. All contains each app.
_reaches_app(policy, app) if {
	apps := policy.conditions.applications
	is_object(apps)
	_includes_app(apps, app)
	every excluded in apps.excludeApplications {
		_other_app(excluded, app)
	}
	_silent(object.remove(apps, {"includeApplications", "excludeApplications"}))
}

_includes_app(apps, _) if "All" in apps.includeApplications

_includes_app(apps, app) if app in apps.includeApplications

# Suites of apps, such as Office365, may have an app in common with any other.
_other_app(_, app) if app == "*"

_other_app(excluded, app) if {
	excluded != app
	every id in [excluded, app] {
		regex.match(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`, id)
	}
}

# The policy waits for no risk of the user or of the sign-in.
at_any_risk(policy) if {
	every condition in _risk_conditions {
		policy.conditions[condition] == []
	}
}

# The policy acts on one level of one kind of risk ("signInRiskLevels" or "userRiskLevels") without waiting for the other kind.
at_risk(policy, condition, level) if {
	condition in _risk_conditions
	level in policy.conditions[condition]
	every other in _risk_conditions - {condition} {
		policy.conditions[other] == []
	}
}

# Nothing else narrows the policy: not the platform, the location, the device, the authentication flow, nor any condition that
# Microsoft adds later. Users, apps, clients and risks are judged by the functions above.
unconditional(policy) if {
	conditions := policy.conditions
	is_object(conditions)
	_silent(object.remove(conditions, _judged_conditions | {"platforms", "locations", "authenticationFlows"}))
	_any_flow(object.get(conditions, "authenticationFlows", null))
	_whole(object.get(conditions, "platforms", null), "includePlatforms", "all")
	_whole(object.get(conditions, "locations", null), "includeLocations", "All")
}

# Access is granted only if the control is satisfied ("mfa", "passwordChange", ...), or never ("block").
requires(policy, control) if {
	control in policy.grantControls.builtInControls
	_without_choice(policy.grantControls)
}

# Access is granted only after multifactor authentication, asked for by name or as an authentication strength.
requires_mfa(policy) if requires(policy, "mfa")

requires_mfa(policy) if _multifactor(_strength(policy))

# Access is granted only with methods that resist phishing: by the strength that Microsoft ships for this, or by one of the
# organization's own that allows no other method. What a strength allows stands in the policy, or else in the list of strengths.
requires_phishing_resistance(policy, _) if _strength(policy).id == _phishing_resistant_strength

requires_phishing_resistance(policy, _) if _resists_phishing(_strength(policy))

requires_phishing_resistance(policy, strengths) if {
	not _allows_something(_strength(policy))
	some strength in strengths
	strength.id == _strength(policy).id
	_resists_phishing(strength)
}

_resists_phishing(strength) if {
	_allows_something(strength)
	every combination in strength.allowedCombinations {
		combination in _phishing_resistant_methods
	}
}

_allows_something(strength) if {
	is_array(strength.allowedCombinations)
	count(strength.allowedCombinations) > 0
}

# After how many hours the policy makes people sign in again; 0 is each time.
sign_in_hours(policy) := 0 if {
	frequency := _sign_in_frequency(policy)
	frequency.frequencyInterval == "everyTime"
}

sign_in_hours(policy) := hours if {
	frequency := _sign_in_frequency(policy)
	object.get(frequency, "frequencyInterval", "timeBased") == "timeBased"
	is_number(frequency.value)
	frequency.value > 0
	hours := frequency.value * {"hours": 1, "days": 24}[frequency.type]
}

# The policy ends sessions when the browser closes.
forgets_browsers(policy) if {
	browser := policy.sessionControls.persistentBrowser
	browser.isEnabled == true
	browser.mode == "never"
}

# What a policy may include the user by.
_included_by(user) := (({"All", "GuestsOrExternalUsers"} | user.ids) | user.groups) | user.directory_roles

_knows_conditions(policy) if {
	users := policy.conditions.users
	is_object(users)
	_silent(object.remove(users, _judged_user_conditions))
}

_reaches(policy, user) if {
	users := policy.conditions.users
	_includes(users, user)
	_spares(users, user)
}

_includes(users, _) if "All" in users.includeUsers

_includes(users, user) if {
	some id in user.ids
	id in users.includeUsers
}

_includes(users, user) if {
	some group in user.groups
	group in users.includeGroups
}

_includes(users, user) if {
	some role in user.directory_roles
	role in users.includeRoles
}

_includes(users, user) if {
	user.account == "guest"
	"GuestsOrExternalUsers" in users.includeUsers
}

# User records do not tell internal guests from invited ones, so both have to be meant, of whichever tenant.
_includes(users, user) if {
	user.account == "guest"
	{"internalGuest", "b2bCollaborationGuest"} - _guest_kinds(users.includeGuestsOrExternalUsers) == set()
	_any_tenant(users.includeGuestsOrExternalUsers)
}

# None of the exclusions is about the user. Exclusions by role count whatever their scope.
_spares(users, user) if {
	every name in users.excludeUsers {
		_somebody_else(name, user)
	}
	groups := user.groups
	every group in users.excludeGroups {
		not group in groups
	}
	roles := user.roles
	every role in users.excludeRoles {
		not role in roles
	}
	_spares_guest(object.get(users, "excludeGuestsOrExternalUsers", null), user)
}

_somebody_else(name, user) if {
	is_string(name)
	ids := user.ids
	not name in ids
	not name in {"All", "GuestsOrExternalUsers"}
}

# Guests and external users are all of them, whatever their type (Microsoft Learn, "Authentication and Conditional Access for B2B users").
_somebody_else(name, user) if {
	name == "GuestsOrExternalUsers"
	user.account == "member"
}

_spares_guest(guests, _) if _spares_accounts(guests)

_spares_guest(guests, user) if (_guest_kinds(guests) - _accountless) - _external_kinds[user.account] == set()

# Nobody with an account in the directory is excluded.
_spares_accounts(guests) if _silent(guests)

_spares_accounts(guests) if _guest_kinds(guests) - _accountless == set()

# The kinds of external users who have no account in the directory ("B2B direct connect", Microsoft Learn, and partners who administer for
# others), and no kind at all.
_accountless := {"b2bDirectConnectUser", "serviceProvider", "none"}

# The kinds of guests and external users that the account is none of.
_external_kinds := {
	"member": (_not_of_type_member | {"b2bCollaborationMember"}),
	"external member": _not_of_type_member,
}

_not_of_type_member := {"internalGuest", "b2bCollaborationGuest", "otherExternalUser"}

# Graph writes the kinds as one string, separated by commas (resource conditionalAccessGuestsOrExternalUsers).
_guest_kinds(guests) := {trim_space(kind) | some kind in split(guests.guestOrExternalUserTypes, ",")} if {
	is_string(guests.guestOrExternalUserTypes)
}

_any_tenant(guests) if _silent(object.get(guests, "externalTenants", null))

_any_tenant(guests) if guests.externalTenants.membershipKind == "all"

# Graph says "none" of a policy that names no flow.
_any_flow(flows) if _silent(flows)

_any_flow(flows) if {
	flows.transferMethods == "none"
	_silent(object.remove(flows, {"transferMethods"}))
}

# A selection of platforms or locations that selects nothing, or everything without exception.
_whole(selection, _, _) if _silent(selection)

_whole(selection, included, everything) if {
	is_object(selection)
	everything in selection[included]
	_silent(object.remove(selection, {included}))
}

# What is demanded can't be replaced by something else: with the operator OR and several demands, people choose one.
_without_choice(grant) if grant.operator == "AND"

_without_choice(grant) if {
	count(_demands(grant)) == 1
	_silent(object.remove(grant, {"operator", "builtInControls", "authenticationStrength", "termsOfUse", "customAuthenticationFactors"}))
}

_demands(grant) := named | strengths if {
	named := {[kind, demand] |
		some kind in {"builtInControls", "termsOfUse", "customAuthenticationFactors"}
		some demand in grant[kind]
	}
	strengths := {strength | strength := grant.authenticationStrength; not _silent(strength)}
}

# The authentication strength that a policy insists on.
_strength(policy) := strength if {
	strength := policy.grantControls.authenticationStrength
	is_string(strength.id)
	strength.id != ""
	_without_choice(policy.grantControls)
}

# A strength of the organization's own may be met by a single factor. Graph says what it satisfies.
_multifactor(strength) if strength.id in _builtin_strengths

_multifactor(strength) if strength.requirementsSatisfied == "mfa"

# A frequency for the second factor alone leaves the first one signed in.
_sign_in_frequency(policy) := frequency if {
	frequency := policy.sessionControls.signInFrequency
	frequency.isEnabled == true
	object.get(frequency, "authenticationType", null) in {null, "primaryAndSecondaryAuthentication"}
}

# Null, "", [] and {} say nothing, however deep they are nested (SDKs write whole objects of nulls), nor do OData's annotations.
_silent(value) if not _says_something(value)

_says_something(value) if {
	walk(value, [path, leaf])
	not is_array(leaf)
	not is_object(leaf)
	not leaf in {null, ""}
	not _annotation(path)
}

_annotation(path) if {
	name := path[count(path) - 1]
	is_string(name)
	contains(name, "@odata.")
}

_risk_conditions := {"signInRiskLevels", "userRiskLevels"}

_judged_conditions := _risk_conditions | {"users", "applications", "clientAppTypes"}

_judged_user_conditions := {
	"includeUsers", "includeGroups", "includeRoles", "includeGuestsOrExternalUsers",
	"excludeUsers", "excludeGroups", "excludeRoles", "excludeGuestsOrExternalUsers",
}

# Ids of the strengths that Microsoft ships, the same in every tenant (Microsoft Graph, resource authenticationStrengthPolicy).
_phishing_resistant_strength := "00000000-0000-0000-0000-000000000004"

_builtin_strengths := {
	"00000000-0000-0000-0000-000000000002", # multifactor authentication
	"00000000-0000-0000-0000-000000000003", # passwordless
	_phishing_resistant_strength,
}

# The methods of the strength that Microsoft ships against phishing (Microsoft Learn, "Conditional Access authentication strength").
_phishing_resistant_methods := {"fido2", "windowsHelloForBusiness", "x509CertificateMultiFactor"}
