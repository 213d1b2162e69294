package policies.users.approved_licenses

default in_scope := true

in_scope := false if input.accountEnabled == false

default compliant := false

# Each license is one of those; no license is fine.
compliant if {
	every license in input.assignedLicenses {
		license.skuId in data.parameters.skus
	}
}
