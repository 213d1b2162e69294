package policies.entra.cloud_only_admins

import data.policies.lib.directory_roles

default in_scope := false

# Users who hold an administrative role. A disabled account can be enabled again with its roles.
in_scope if {
	some assignment in directory_roles.held(input.roles, input.groups, _assigned, data.now)
	directory_roles.administrative(assignment)
}

default compliant := false

# The account belongs to the cloud alone, and serves administration alone.
compliant if {
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

# All assignments of roles by the id of whom they are made to. They are the same for every user, so that none has to look through them.
_assigned[assignment.principalId] contains assignment if {
	some assignment in data.evidence.entra.role_assignments
}
