package policies.sharepoint.unmanaged_sync

# Files are synchronized only to devices that belong to domains of the organization.
default compliant := false

compliant if {
	_restricted
	_to_own_domains
}

# Which of the two is not known to hold.
reasons contains "synchronization is not restricted to managed devices" if not _restricted

reasons contains "no domain is listed whose devices may synchronize" if not _to_own_domains

_restricted if data.evidence.sharepoint.settings.isUnmanagedSyncAppForTenantRestricted == true

# A blank entry names no domain.
_to_own_domains if {
	is_array(data.evidence.sharepoint.settings.allowedDomainGuidsForSyncApp)
	some domain in data.evidence.sharepoint.settings.allowedDomainGuidsForSyncApp
	trim_space(domain) != ""
}
