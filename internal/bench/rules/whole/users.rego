# The ten rules about users, over the whole document.
package bench.users

results["UsersStrongMethods"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; user.accountEnabled]
	failing := [user.id | some user in scope; not strong_method(user)]
}

results["AdminsPhishingResistant"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; admin(user)]
	failing := [user.id | some user in scope; not phishing_resistant(user)]
}

results["GuestsWithoutRoles"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; user.userType == "Guest"]
	failing := [user.id | some user in scope; count(user.roles) > 0]
}

results["MembersLicensed"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; user.userType == "Member"; user.accountEnabled]
	failing := [user.id | some user in scope; count(user.assignedLicenses) == 0]
}

results["UsersLastingPasswords"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; user.accountEnabled]
	failing := [user.id | some user in scope; not contains(user.passwordPolicies, "DisablePasswordExpiration")]
}

results["UsersRecentSignIns"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; user.accountEnabled]
	failing := [user.id | some user in scope; user.lastSignIn < "2025-01-01"]
}

results["MembersCompanyDomain"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; user.userType == "Member"]
	failing := [user.id | some user in scope; not endswith(lower(user.userPrincipalName), "@contoso.example")]
}

results["UsersNameForm"] := {"in_scope": count(input.bench.users), "failing": count(failing)} if {
	failing := [user.id | some user in input.bench.users; not regex.match(`^[a-z]+\.[a-z]+[0-9]*@`, user.userPrincipalName)]
}

results["UsersKnownLocations"] := {"in_scope": count(input.bench.users), "failing": count(failing)} if {
	failing := [user.id | some user in input.bench.users; not user.usageLocation in locations]
}

results["UsersApprovedLicenses"] := {"in_scope": count(scope), "failing": count(failing)} if {
	scope := [user | some user in input.bench.users; user.accountEnabled]
	failing := [user.id | some user in scope; not approved(user)]
}

strong_methods := {"microsoftAuthenticatorPush", "softwareOneTimePasscode", "fido2", "windowsHelloForBusiness"}

privileged_roles := {"Global Administrator", "Exchange Administrator", "User Administrator"}

locations := {"US", "DE", "GB", "FR"}

skus := {"05e9a617-0261-4cee-bb44-138d3ef5d965", "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "c7df2760-2c81-4ef7-b578-5b5392b571df"}

strong_method(user) if {
	some method in user.authMethods
	method in strong_methods
}

admin(user) if {
	some role in user.roles
	role in privileged_roles
}

phishing_resistant(user) if count({method | some method in user.authMethods} & {"fido2", "windowsHelloForBusiness"}) > 0

approved(user) if {
	every license in user.assignedLicenses {
		license.skuId in skus
	}
}
