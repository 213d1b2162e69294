package policies.entra.password_expiration

# Microsoft Graph, resource domain: this validity period means that passwords don't expire. Null is the default of 90 days.
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
	not domain.passwordValidityPeriodInDays == _never
}

_deciding contains domain if {
	some domain in data.evidence.entra.domains
	not _other(domain)
}

# Only what is known to be unverified, federated or a subdomain is left out.
_other(domain) if domain.isVerified == false

_other(domain) if domain.authenticationType == "Federated"

_other(domain) if domain.isRoot == false
