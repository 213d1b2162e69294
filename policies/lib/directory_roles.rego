# Directory roles and who holds them, as Microsoft Graph exports them (resources unifiedRoleAssignment and
# unifiedRoleAssignmentScheduleInstance). Ids are of role templates, the same in every tenant.
package policies.lib.directory_roles

# Template ids of Global Administrator and Compliance Administrator (Microsoft Learn, "Microsoft Entra built-in roles").
global_administrator := "62e90394-69f5-4237-9190-012177145e10"

compliance_administrator := "17315797-102d-40b4-93e0-432062caca18"

# Template id of the role of the accounts by which Entra Connect and cloud sync write to the directory, Directory Synchronization Accounts.
synchronization := "d29b2b05-8046-44ba-8758-1e26182fcf32"

# The roles that Secure Score names where it asks something of administrators (remediation texts of aad_phishing_MFA_strength and
# aad_sign_in_freq_session_timeout), by their template ids from Microsoft Learn, "Microsoft Entra built-in roles".
administrative_role_names := {
	"9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3": "Application Administrator",
	"c4e39bd9-1100-46d3-8c65-fb160da0071f": "Authentication Administrator",
	"b0f54661-2d74-4c50-afa3-1ec803f12efe": "Billing Administrator",
	"158c047a-c907-4556-b7ef-446551a6b5f7": "Cloud Application Administrator",
	"b1be1c3e-b65d-4f19-8427-f6fa0d97feb9": "Conditional Access Administrator",
	"29232cdf-9323-42fd-ade2-1d097af3e4de": "Exchange Administrator",
	"62e90394-69f5-4237-9190-012177145e10": "Global Administrator",
	"f2ef992c-3afb-46b9-b7cf-a126ee74c451": "Global Reader",
	"729827e3-9c14-49f7-bb1b-9608f156bbb8": "Helpdesk Administrator",
	"966707d0-3269-4727-9be2-8c3a10f19b9d": "Password Administrator",
	"7be44c8a-adaf-4e2a-84d6-ab2649e08a13": "Privileged Authentication Administrator",
	"e8611ab8-c189-46e8-94e1-60213ab1f814": "Privileged Role Administrator",
	"194ae4cb-b126-40b2-bd5b-6091b380977d": "Security Administrator",
	"f28a1f50-f6e7-4571-818b-6a12f2af6b6c": "SharePoint Administrator",
	"fe930be7-5e62-47db-91af-98c3a49a38b1": "User Administrator",
}

administrative_roles := object.keys(administrative_role_names)

# The assignment is of one of these roles.
administrative(assignment) if assignment.roleDefinitionId in administrative_roles

# The assignment makes its holder one of the accounts that synchronize the directory.
synchronizes(assignment) if assignment.roleDefinitionId == synchronization

# What holds the role, as far as the export tells: user, group, servicePrincipal.
kind(assignment) := _kind(assignment.principal["@odata.type"])

# The holder of the role is known to be unable to sign in.
disabled(assignment) if assignment.principal.accountEnabled == false

# What is known only by the roles assigned to it and the groups it belongs to is something else than a user.
no_user(roles, groups) if {
	kinds := _kinds(roles, groups)
	count(kinds) > 0
	kinds - {"device", "group", "orgContact", "servicePrincipal"} == set()
}

# The same, and it stands for no user either: it is no group that holds a role in place of members whom nobody knows. Those of the groups
# in complete are known, and so are those of a group within another whose members are.
stands_for_no_user(id, _, _, complete) if id in complete

stands_for_no_user(_, roles, groups, _) if {
	no_user(roles, groups)
	not "group" in _kinds(roles, groups)
}

stands_for_no_user(_, roles, groups, _) if {
	roles == []
	no_user(roles, groups)
}

_kinds(roles, groups) := {kind(assignment) | some assignment in roles} | {_kind(membership.memberType) | some membership in groups}

# Graph writes "#microsoft.graph.user".
_kind(type) := trim_prefix(type, "#microsoft.graph.") if is_string(type)

# The assignments that give a principal roles: its own, and those of the groups it belongs to, which assigned has by the id of whom
# they are made to. One whose beginning or end is not understood still counts as held.
held(own, memberships, assigned, now) := [assignment |
	some assignment in array.concat(own, _of_groups(assigned, memberships))
	not ended(assignment, now)
	not awaited(assignment, now)
]

_of_groups(assigned, memberships) := [assignment |
	some membership in memberships
	some assignment in assigned[membership.groupId]
]

# The assignment is known to be over.
ended(assignment, now) if _second(assignment.endDateTime) <= _second(now)

# The assignment is known to begin later.
awaited(assignment, now) if _second(assignment.startDateTime) > _second(now)

# The assignment is known to be in force: it has no end, or one that is still to come, and no beginning, or one that is past.
in_force(assignment, now) if {
	_begun(assignment, now)
	_lasting(assignment, now)
}

_begun(assignment, _) if object.get(assignment, "startDateTime", null) == null

_begun(assignment, now) if _second(assignment.startDateTime) <= _second(now)

_lasting(assignment, _) if object.get(assignment, "endDateTime", null) == null

_lasting(assignment, now) if _second(assignment.endDateTime) > _second(now)

# A time in UTC, cut to the second: such texts sort as the times do. Times written in another way are not compared. (Parsing
# instead would fail beyond the year 2262, and ends such as 9999-12-31 occur.)
_second(instant) := substring(instant, 0, 19) if {
	is_string(instant)
	regex.match(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$`, instant)
}
