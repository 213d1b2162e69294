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

_expiring contains id if {
	some id in _deciding
	not id in _lasting
}

_lasting contains domain.id if {
	some domain in data.evidence.entra.domains
	domain.passwordValidityPeriodInDays == _never
}

# Only what is known to be unverified, federated or a subdomain is left out.
_deciding contains domain.id if {
	some domain in data.evidence.entra.domains
	not domain.id in _other
}

_other contains domain.id if {
	some domain in data.evidence.entra.domains
	domain.isVerified == false
}

_other contains domain.id if {
	some domain in data.evidence.entra.domains
	domain.authenticationType == "Federated"
}

_other contains domain.id if {
	some domain in data.evidence.entra.domains
	domain.isRoot == false
}
