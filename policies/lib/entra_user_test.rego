package policies.lib.entra_user_test

import data.policies.lib.entra_sign_in
import data.policies.lib.entra_user

_admin := {"roleDefinitionId": "62e90394-69f5-4237-9190-012177145e10", "principalId": "ada"}

_sync := {"roleDefinitionId": "d29b2b05-8046-44ba-8758-1e26182fcf32", "principalId": "sync"}

_cases := [
	{"note": "a user", "user": {"id": "ada", "accountEnabled": true, "roles": [], "groups": []}, "enabled": true, "administrator": false, "outside": false},
	{"note": "an administrator", "user": {"id": "ada", "accountEnabled": true, "roles": [_admin], "groups": []}, "enabled": true, "administrator": true, "outside": false},
	{"note": "perhaps disabled", "user": {"id": "ada", "accountEnabled": null, "roles": [_admin], "groups": []}, "enabled": false, "administrator": true, "outside": false},
	{"note": "disabled", "user": {"id": "ada", "accountEnabled": false, "roles": [_admin], "groups": []}, "enabled": false, "administrator": false, "outside": true},
	{"note": "by a group", "user": {"id": "bo", "accountEnabled": true, "roles": [], "groups": [{"groupId": "ada"}]}, "enabled": true, "administrator": true, "outside": false},
	{"note": "synchronizes", "user": {"id": "sync", "accountEnabled": true, "roles": [_sync], "groups": []}, "enabled": true, "administrator": false, "outside": true},
	{"note": "a known group", "user": {"id": "team", "roles": [_admin], "groups": []}, "enabled": false, "administrator": false, "outside": true},
	{"note": "nothing but an id", "user": {"id": "cleo", "roles": [], "groups": []}, "enabled": false, "administrator": false, "outside": false},
]

_evidence := {"entra": {
	"role_assignments": [_admin, _sync],
	"group_member_lists": [{"groupId": "team", "complete": true}, {"groupId": "other", "complete": false}],
	"conditional_access_policies": [],
}}

test_cases if {
	every case in _cases {
		case.enabled == entra_user.enabled with input as case.user with data.evidence as _evidence with data.now as "2026-01-01T00:00:00Z"
		case.administrator == entra_user.administrator with input as case.user with data.evidence as _evidence with data.now as "2026-01-01T00:00:00Z"
		case.outside == entra_user.outside with input as case.user with data.evidence as _evidence with data.now as "2026-01-01T00:00:00Z"
	}
}

test_complete_groups if {
	entra_user.complete_groups == {"team"} with data.evidence as _evidence
	entra_user.complete_groups == set() with data.evidence as {}
}

test_who_signs_in if {
	user := entra_sign_in.user with input as _cases[1].user with data.evidence as _evidence with data.now as "2026-01-01T00:00:00Z"
	is_object(user)
}
