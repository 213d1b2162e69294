package policies.entra.user_consent_test

import data.policies.entra.user_consent

_evidence(assigned) := {"entra": {"authorization_policy": {"defaultUserRolePermissions": {"permissionGrantPoliciesAssigned": assigned}}}}

_parameters := {"permitted_policies": ["microsoft-user-default-low"]}

test_restricted if {
	every assigned in [
		[],
		["managepermissiongrantsforself.microsoft-user-default-low"],
		["managepermissiongrantsforownedresource.microsoft-dynamically-managed-permissions-for-team"],
	] {
		evidence := _evidence(assigned)
		user_consent.compliant with data.evidence as evidence with data.parameters as _parameters
		user_consent.reasons == set() with data.evidence as evidence with data.parameters as _parameters
	}
}

test_broad if {
	every policy in [
		"managepermissiongrantsforself.microsoft-user-default-legacy",
		"managepermissiongrantsforself.microsoft-user-default-recommended",
		"managepermissiongrantsforself.our-own",
		"managepermissiongrantsforself.microsoft-user-default-lower",
		"microsoft-user-default-low",
	] {
		evidence := _evidence(["managepermissiongrantsforself.microsoft-user-default-low", policy])
		not user_consent.compliant with data.evidence as evidence with data.parameters as _parameters
		user_consent.reasons == {sprintf("users may consent to apps by the policy %s", [policy])} with data.evidence as evidence
			with data.parameters as _parameters
	}
}

test_policy_that_the_organization_permits if {
	evidence := _evidence(["managepermissiongrantsforself.our-own"])
	parameters := {"permitted_policies": ["our-own"]}
	user_consent.compliant with data.evidence as evidence with data.parameters as parameters
}

test_missing_fields if {
	every policy in [{}, {"defaultUserRolePermissions": null}, {"defaultUserRolePermissions": {}}] {
		evidence := {"entra": {"authorization_policy": policy}}
		not user_consent.compliant with data.evidence as evidence with data.parameters as _parameters
		count(user_consent.reasons) == 1 with data.evidence as evidence with data.parameters as _parameters
	}
}
