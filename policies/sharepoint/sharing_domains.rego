package policies.sharepoint.sharing_domains

# Sharing with outsiders is off, limited to listed domains, or ruled out for listed domains.
default compliant := false

compliant if data.evidence.sharepoint.settings.sharingCapability == "disabled"

compliant if {
	data.evidence.sharepoint.settings.sharingDomainRestrictionMode == "allowList"
	_lists(data.evidence.sharepoint.settings.sharingAllowedDomainList)
}

compliant if {
	data.evidence.sharepoint.settings.sharingDomainRestrictionMode == "blockList"
	_lists(data.evidence.sharepoint.settings.sharingBlockedDomainList)
}

# Whether the list is off, or on and empty.
reasons contains "sharing is not limited by domain" if {
	not _limited
	not compliant
}

reasons contains "sharing is limited by a list of domains that is empty" if {
	_limited
	not compliant
}

_limited if data.evidence.sharepoint.settings.sharingDomainRestrictionMode in {"allowList", "blockList"}

# A blank entry names no domain.
_lists(domains) if {
	is_array(domains)
	some domain in domains
	trim_space(domain) != ""
}
