package policies.entra.banned_passwords

import data.policies.lib.directory_settings

default compliant := false

# The custom list is enforced, and it is not empty.
compliant if {
	_enforced
	_listed
}

reasons contains "the custom list of banned passwords is not enforced" if not _enforced

reasons contains "the custom list of banned passwords is empty" if not _listed

default _enforced := false

_enforced if directory_settings.equals(data.evidence.entra.directory_settings, directory_settings.password_rules, "EnableBannedPasswordCheck", "true")

default _listed := false

_listed if count(directory_settings.entries(data.evidence.entra.directory_settings, directory_settings.password_rules, "BannedPasswordList")) > 0
