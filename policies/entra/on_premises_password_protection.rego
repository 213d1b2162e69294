package policies.entra.on_premises_password_protection

import data.policies.lib.directory_settings

default applicable := true

# Graph says false for a tenant that stopped synchronizing, and null for one that never did.
applicable := false if {
	data.parameters.count_cloud_only_tenants == false
	data.evidence.entra.organization.onPremisesSyncEnabled in {false, null}
}

not_applicable contains "the tenant does not synchronize with Active Directory" if not applicable

default compliant := false

# The check reaches Active Directory, and refuses passwords there.
compliant if {
	_enabled
	_enforced
}

reasons contains "password protection is not enabled for Active Directory" if not _enabled

reasons contains "password protection in Active Directory audits and does not enforce" if {
	_enabled
	not _enforced
}

default _enabled := false

_enabled if directory_settings.equals(data.evidence.entra.directory_settings, directory_settings.password_rules, "EnableBannedPasswordCheckOnPremises", "true")

default _enforced := false

_enforced if directory_settings.equals(data.evidence.entra.directory_settings, directory_settings.password_rules, "BannedPasswordCheckOnPremisesMode", "enforce")
