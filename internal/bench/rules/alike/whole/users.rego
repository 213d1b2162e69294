# The ten rules about users, over the whole document: who is in scope, and who of them fails, each as a set of ids.
package bench.users

results["UsersStrongMethods"] := {"in_scope": count(strong_scope), "failing": count(strong_failing)}

strong_scope contains user.id if {
	some user in input.bench.users
	strong_applies(user)
}

strong_failing contains user.id if {
	some user in input.bench.users
	strong_applies(user)
	not strong_complies(user)
}

strong_applies(user) if {
	user.accountEnabled
}

strong_complies(user) if {
	some method in user.authMethods
	method in data.sets.strong_methods
}

results["AdminsPhishingResistant"] := {"in_scope": count(resistant_scope), "failing": count(resistant_failing)}

resistant_scope contains user.id if {
	some user in input.bench.users
	resistant_applies(user)
}

resistant_failing contains user.id if {
	some user in input.bench.users
	resistant_applies(user)
	not resistant_complies(user)
}

resistant_applies(user) if {
	some role in user.roles
	role in data.sets.privileged_roles
}

resistant_complies(user) if {
	{method | some method in user.authMethods} & {"fido2", "windowsHelloForBusiness"} != set()
}

results["GuestsWithoutRoles"] := {"in_scope": count(guests_scope), "failing": count(guests_failing)}

guests_scope contains user.id if {
	some user in input.bench.users
	guests_applies(user)
}

guests_failing contains user.id if {
	some user in input.bench.users
	guests_applies(user)
	not guests_complies(user)
}

guests_applies(user) if {
	user.userType == "Guest"
}

guests_complies(user) if {
	count(user.roles) == 0
}

results["MembersLicensed"] := {"in_scope": count(licensed_scope), "failing": count(licensed_failing)}

licensed_scope contains user.id if {
	some user in input.bench.users
	licensed_applies(user)
}

licensed_failing contains user.id if {
	some user in input.bench.users
	licensed_applies(user)
	not licensed_complies(user)
}

licensed_applies(user) if {
	user.userType == "Member"
	user.accountEnabled
}

licensed_complies(user) if {
	count(user.assignedLicenses) > 0
}

results["UsersLastingPasswords"] := {"in_scope": count(lasting_scope), "failing": count(lasting_failing)}

lasting_scope contains user.id if {
	some user in input.bench.users
	lasting_applies(user)
}

lasting_failing contains user.id if {
	some user in input.bench.users
	lasting_applies(user)
	not lasting_complies(user)
}

lasting_applies(user) if {
	user.accountEnabled
}

lasting_complies(user) if {
	contains(user.passwordPolicies, "DisablePasswordExpiration")
}

results["UsersRecentSignIns"] := {"in_scope": count(recent_scope), "failing": count(recent_failing)}

recent_scope contains user.id if {
	some user in input.bench.users
	recent_applies(user)
}

recent_failing contains user.id if {
	some user in input.bench.users
	recent_applies(user)
	not recent_complies(user)
}

recent_applies(user) if {
	user.accountEnabled
}

recent_complies(user) if {
	user.lastSignIn >= "2025-01-01"
}

results["MembersCompanyDomain"] := {"in_scope": count(domain_scope), "failing": count(domain_failing)}

domain_scope contains user.id if {
	some user in input.bench.users
	domain_applies(user)
}

domain_failing contains user.id if {
	some user in input.bench.users
	domain_applies(user)
	not domain_complies(user)
}

domain_applies(user) if {
	user.userType == "Member"
}

domain_complies(user) if {
	endswith(lower(user.userPrincipalName), "@contoso.example")
}

results["UsersNameForm"] := {"in_scope": count(named_scope), "failing": count(named_failing)}

named_scope contains user.id if {
	some user in input.bench.users
	named_applies(user)
}

named_failing contains user.id if {
	some user in input.bench.users
	named_applies(user)
	not named_complies(user)
}

named_applies(_) := true

named_complies(user) if {
	regex.match(`^[a-z]+\.[a-z]+[0-9]*@`, user.userPrincipalName)
}

results["UsersKnownLocations"] := {"in_scope": count(located_scope), "failing": count(located_failing)}

located_scope contains user.id if {
	some user in input.bench.users
	located_applies(user)
}

located_failing contains user.id if {
	some user in input.bench.users
	located_applies(user)
	not located_complies(user)
}

located_applies(_) := true

located_complies(user) if {
	user.usageLocation in data.sets.locations
}

results["UsersApprovedLicenses"] := {"in_scope": count(approved_scope), "failing": count(approved_failing)}

approved_scope contains user.id if {
	some user in input.bench.users
	approved_applies(user)
}

approved_failing contains user.id if {
	some user in input.bench.users
	approved_applies(user)
	not approved_complies(user)
}

approved_applies(user) if {
	user.accountEnabled
}

approved_complies(user) if {
	every license in user.assignedLicenses {
		license.skuId in data.sets.skus
	}
}
