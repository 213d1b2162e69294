package policies.entra.mfa_registration_test

import data.policies.entra.mfa_registration

_registered := {"id": "ada", "accountEnabled": true, "userType": "Member", "registration": {"id": "ada", "isMfaRegistered": true}}

_unregistered := object.union(_registered, {"registration": {"isMfaRegistered": false}})

_by_registration := {"security_defaults_award_full_points": false}

_by_documentation := {"security_defaults_award_full_points": true}

_on := {"entra": {"security_defaults": {"isEnabled": true}}}

_off := {"entra": {"security_defaults": {"isEnabled": false}}}

test_registered if {
	mfa_registration.compliant with input as _registered with data.evidence as _off with data.parameters as _by_registration
	mfa_registration.in_scope with input as _registered
	mfa_registration.reasons == set() with input as _registered with data.evidence as _off with data.parameters as _by_registration
}

test_not_registered if {
	every user in [
		_unregistered,
		object.union(_registered, {"registration": {"isMfaRegistered": null}}),
		object.remove(_registered, {"registration"}),
	] {
		not mfa_registration.compliant with input as user with data.evidence as _off with data.parameters as _by_registration
		not mfa_registration.compliant with input as user with data.evidence as _on with data.parameters as _by_registration
		count(mfa_registration.reasons) == 1 with input as user with data.evidence as _off with data.parameters as _by_registration
	}
}

test_security_defaults_award_full_points if {
	mfa_registration.compliant with input as _unregistered with data.evidence as _on with data.parameters as _by_documentation
	not mfa_registration.compliant with input as _unregistered with data.evidence as _off with data.parameters as _by_documentation
}

test_everyone_by_security_defaults if {
	mfa_registration.everyone with data.evidence as _on with data.parameters as _by_documentation
	not mfa_registration.everyone with data.evidence as _on with data.parameters as _by_registration
	not mfa_registration.everyone with data.evidence as _off with data.parameters as _by_documentation
	not mfa_registration.everyone with data.evidence as {"entra": {}} with data.parameters as _by_documentation
}

test_out_of_scope if {
	disabled := object.union(_registered, {"accountEnabled": false})
	mfa_registration.in_scope == false with input as disabled
}

test_guests_count_by_parameter if {
	unlisted := {"id": "gus", "registration": {"id": "gus", "userType": "guest"}}
	every guest in [object.union(_registered, {"userType": "Guest"}), unlisted] {
		mfa_registration.in_scope with input as guest with data.parameters as {"count_guests": true}
		mfa_registration.in_scope == false with input as guest with data.parameters as {"count_guests": false}
	}
	mfa_registration.in_scope with input as {"id": "bo", "registration": {"id": "bo"}} with data.parameters as {"count_guests": false}
	mfa_registration.in_scope with input as _registered with data.parameters as {"count_guests": false}
}

test_in_scope_on_doubt if {
	every user in [
		object.remove(_registered, {"accountEnabled", "userType"}),
		object.union(_registered, {"accountEnabled": null, "userType": null}),
	] {
		mfa_registration.in_scope with input as user
	}
}

test_not_known_to_be_enabled if {
	every user in [object.remove(_registered, {"accountEnabled"}), object.union(_registered, {"accountEnabled": null})] {
		not mfa_registration.compliant with input as user with data.evidence as _off with data.parameters as _by_registration
		mfa_registration.reasons == {"the account is not known to be enabled"} with input as user with data.evidence as _off with data.parameters as _by_registration
	}
}
