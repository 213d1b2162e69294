# The user that the record is about, as far as the evidence tells. Controls that use this join "roles" (entra.role_assignments) and "groups"
# (entra.group_members) to entra.users, and have entra.role_assignments and entra.group_member_lists in their context.
package policies.lib.entra_user

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default enabled := false

# Who is not known to be enabled counts, and does not comply: a disabled account would not count at all.
enabled if input.accountEnabled == true

default administrator := false

# Enabled users who hold an administrative role, and groups that do whose members nobody knows. A user who is not known to be disabled
# counts as enabled, and what is not known to be something else as a user.
administrator if {
	not _disabled
	not _stands_for_no_user
	some assignment in assignments
	directory_roles.administrative(assignment)
}

default outside := false

# Only who is known to be disabled is left out of what is asked of all users, and what is known to be no user,
outside if _disabled

outside if _no_user

# and the accounts that synchronize the directory: Microsoft advises to exclude them from policies.
outside if {
	some assignment in assignments
	directory_roles.synchronizes(assignment)
}

# The assignments of roles that are in force for the user.
assignments := directory_roles.held(input.roles, input.groups, _assigned, data.now)

# All assignments of roles by the id of whom they are made to. They are the same for every user, so that none has to look through them.
_assigned[assignment.principalId] contains assignment if {
	some assignment in data.evidence.entra.role_assignments
}

default complete_groups := set()

# The groups whose members are known.
complete_groups := conditional_access.complete_groups(data.evidence.entra.group_member_lists)

default _disabled := false

_disabled if input.accountEnabled == false

default _stands_for_no_user := false

# entra.users, where each record says whether the account is enabled, has no record of it, and what has says that it is something else.
_stands_for_no_user if {
	not _listed
	directory_roles.stands_for_no_user(input.id, input.roles, input.groups, complete_groups)
}

default _no_user := false

_no_user if {
	not _listed
	directory_roles.no_user(input.roles, input.groups)
}

_no_user if {
	not _listed
	input.id in complete_groups
}

default _listed := false

_listed if input.accountEnabled in {true, false, null}
