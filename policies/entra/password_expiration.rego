package policies.entra.password_expiration

# Microsoft Graph, resource domain: this validity period means that passwords don't expire.
_never := 2147483647

default compliant := false

# There are domains that decide over passwords, and in none of them do passwords expire.
compliant if {
	count(_deciding) > 0
	count(_expiring) == 0
}

reasons contains "the evidence holds no verified root domain whose users sign in at Microsoft Entra ID" if count(_deciding) == 0

reasons contains reason if {
	some id in _expiring
	reason := sprintf("passwords are not known to last in the domain %s", [id])
}

# Each record has to say it: a domain with two that disagree is not known to be safe.
_expiring contains domain.id if {
	some domain in _deciding
	not _lasting(domain)
}

_lasting(domain) if domain.passwordValidityPeriodInDays == _never

# Null is the default: since October 2021 new tenants have passwords that never expire, and older ones 90 days (Microsoft Learn, "Set the
# password expiration policy").
_lasting(domain) if {
	domain.passwordValidityPeriodInDays == null
	_new_tenant(data.evidence.entra.organization.createdDateTime)
}

# Such texts sort as the times do.
_new_tenant(created) if {
	is_string(created)
	regex.match(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$`, created)
	created >= "2021-10-01T00:00:00Z"
}

_deciding contains domain if {
	some domain in data.evidence.entra.domains
	not _other(domain)
}

# Only what is known to be unverified, federated, a subdomain or without anybody who signs in is left out.
_other(domain) if domain.isVerified == false

_other(domain) if domain.authenticationType == "Federated"

_other(domain) if domain.isRoot == false

_other(domain) if {
	is_array(domain.supportedServices)
	count(domain.supportedServices) > 0
	every service in domain.supportedServices {
		service in _public_sites
	}
}

# Microsoft Graph, resource domain: the services of addresses of sites, at which nobody signs in.
_public_sites := {"SharePoint", "SharePointDefaultDomain", "SharePointPublic"}
