package policies.sharepoint.legacy_authentication

# Apps without modern authentication, which multifactor authentication needs, get no access.
default compliant := false

compliant if data.evidence.sharepoint.settings.isLegacyAuthProtocolsEnabled == false

# The switch that is not known to be off.
reasons contains "apps without modern authentication are not kept out" if not compliant
