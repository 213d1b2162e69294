package policies.entra.cloud_only_admins

import data.policies.lib.entra_user

default in_scope := false

in_scope if entra_user.administrator

default compliant := false

# The account belongs to the cloud alone, and serves administration alone.
compliant if {
	entra_user.enabled
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
	not entra_user.enabled
	not compliant
}
