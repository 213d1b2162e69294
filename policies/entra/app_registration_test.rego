package policies.entra.app_registration_test

import data.policies.entra.app_registration

_evidence(permissions) := {"entra": {"authorization_policy": {"defaultUserRolePermissions": permissions}}}

test_forbidden if {
	evidence := _evidence({"allowedToCreateApps": false})
	app_registration.compliant with data.evidence as evidence
	app_registration.reasons == set() with data.evidence as evidence
}

test_allowed_or_unknown if {
	every permissions in [{"allowedToCreateApps": true}, {"allowedToCreateApps": null}, {"allowedToCreateApps": "false"}, {}, null] {
		evidence := _evidence(permissions)
		not app_registration.compliant with data.evidence as evidence
		count(app_registration.reasons) == 1 with data.evidence as evidence
	}
}
