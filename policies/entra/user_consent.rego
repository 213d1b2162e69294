package policies.entra.user_consent

default compliant := false

# Every policy is known, and is either harmless or about something else than a user's own consent.
compliant if {
	every assigned in _assigned {
		_harmless(assigned)
	}
}

reasons contains "the evidence does not say which permission grant policies users have" if not is_array(_assigned)

reasons contains reason if {
	some assigned in _assigned
	not _harmless(assigned)
	reason := sprintf("users may consent to apps by the policy %s", [assigned])
}

default _assigned := null

_assigned := data.evidence.entra.authorization_policy.defaultUserRolePermissions.permissionGrantPoliciesAssigned

_harmless(assigned) if {
	some name in data.parameters.permitted_policies
	assigned == concat(".", ["managepermissiongrantsforself", name])
}

# Consent of an owner for a team or a chat.
_harmless(assigned) if startswith(assigned, "managepermissiongrantsforownedresource.")
