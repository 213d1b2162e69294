package policies.entra.cloud_only_admins

import data.policies.lib.conditional_access
import data.policies.lib.directory_roles

default in_scope := false

# Enabled users who hold an administrative role, and groups that do whose members nobody knows. A user who is not known to be disabled
# counts as enabled, and what is not known to be something else as a user.
in_scope if {
	not _disabled
	not _stands_for_no_user
	some assignment in directory_roles.held(input.roles, input.groups, _assigned, data.now)
	directory_roles.administrative(assignment)
}

default compliant := false

# The account belongs to the cloud alone, and serves administration alone.
compliant if {
	_enabled
	_cloud_only
	_without_apps
}

reasons contains "the account is synchronized from Active Directory, or is not known not to be" if not _cloud_only

reasons contains "the account is not known to be free of licenses for apps" if not _without_apps

default _cloud_only := false

# Graph says null for an account that was never synchronized.
_cloud_only if input.onPremisesSyncEnabled in {false, null}

default _without_apps := false

# Each license is one of the tenant's, and each of its plans is permitted or switched off.
_without_apps if {
	every license in input.assignedLicenses {
		some sku in data.evidence.entra.subscribed_skus
		sku.skuId == license.skuId
		count(sku.servicePlans) > 0
		every plan in sku.servicePlans {
			_harmless(plan, license)
		}
	}
}

_harmless(plan, _) if plan.servicePlanName in data.parameters.permitted_service_plans

_harmless(plan, license) if {
	is_string(plan.servicePlanId)
	plan.servicePlanId in license.disabledPlans
}

reasons contains "the account is not known to be enabled" if {
	not _enabled
	not compliant
}

default _enabled := false

# Who is not known to be enabled counts, and does not comply: a disabled account would not count at all.
_enabled if input.accountEnabled == true

default _disabled := false

_disabled if input.accountEnabled == false

default _groups := set()

# The groups whose members are known.
_groups := conditional_access.complete_groups(data.evidence.entra.group_member_lists)

default _stands_for_no_user := false

# entra.users, where each record says whether the account is enabled, has no record of it, and what has says that it is something else.
_stands_for_no_user if {
	not _listed
	directory_roles.stands_for_no_user(input.id, input.roles, input.groups, _groups)
}

default _listed := false

_listed if input.accountEnabled in {true, false, null}

# All assignments of roles by the id of whom they are made to. They are the same for every user, so that none has to look through them.
_assigned[assignment.principalId] contains assignment if {
	some assignment in data.evidence.entra.role_assignments
}
