package policies.entra.self_service_password_reset_test

import data.policies.entra.self_service_password_reset

_user := {"id": "ada", "accountEnabled": true, "userType": "Member", "registration": {"id": "ada", "isSsprEnabled": true}}

test_enabled if {
	self_service_password_reset.compliant with input as _user
	self_service_password_reset.in_scope with input as _user
	self_service_password_reset.reasons == set() with input as _user
}

test_not_enabled if {
	every user in [
		object.union(_user, {"registration": {"isSsprEnabled": false, "isSsprRegistered": true}}),
		object.union(_user, {"registration": {"isSsprEnabled": null}}),
		object.union(_user, {"registration": {"isSsprEnabled": "true"}}),
		object.remove(_user, {"registration"}),
	] {
		not self_service_password_reset.compliant with input as user
		count(self_service_password_reset.reasons) == 1 with input as user
	}
}

test_out_of_scope if {
	disabled := object.union(_user, {"accountEnabled": false})
	self_service_password_reset.in_scope == false with input as disabled
}

test_guests_count_by_parameter if {
	unlisted := {"id": "gus", "registration": {"id": "gus", "userType": "guest"}}
	every guest in [object.union(_user, {"userType": "Guest"}), unlisted] {
		self_service_password_reset.in_scope with input as guest with data.parameters as {"count_guests": true}
		self_service_password_reset.in_scope == false with input as guest with data.parameters as {"count_guests": false}
	}
	self_service_password_reset.in_scope with input as {"id": "bo", "registration": {"id": "bo"}} with data.parameters as {"count_guests": false}
	self_service_password_reset.in_scope with input as _user with data.parameters as {"count_guests": false}
}

test_in_scope_on_doubt if {
	self_service_password_reset.in_scope with input as object.remove(_user, {"accountEnabled", "userType"})
	self_service_password_reset.in_scope with input as object.union(_user, {"accountEnabled": null, "userType": null})
}

test_not_known_to_be_enabled if {
	every user in [object.remove(_user, {"accountEnabled"}), object.union(_user, {"accountEnabled": null})] {
		not self_service_password_reset.compliant with input as user
		self_service_password_reset.reasons == {"the account is not known to be enabled"} with input as user
	}
}
