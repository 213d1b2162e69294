package policies.entra.password_hash_sync_test

import data.policies.entra.password_hash_sync

_evidence(synchronized, features) := {"entra": {
	"organization": {"id": "t1", "onPremisesSyncEnabled": synchronized},
	"on_premises_sync": {"features": features},
}}

test_on if {
	evidence := _evidence(true, {"passwordSyncEnabled": true})
	password_hash_sync.compliant with data.evidence as evidence
	password_hash_sync.applicable with data.evidence as evidence
	password_hash_sync.reasons == set() with data.evidence as evidence
}

test_off_or_unknown if {
	every features in [{"passwordSyncEnabled": false}, {"passwordSyncEnabled": null}, {"passwordSyncEnabled": "true"}, {}, null] {
		evidence := _evidence(true, features)
		not password_hash_sync.compliant with data.evidence as evidence
		count(password_hash_sync.reasons) == 1 with data.evidence as evidence
	}
}

test_not_applicable_in_the_cloud_alone if {
	every synchronized in [false, null] {
		evidence := _evidence(synchronized, {})
		password_hash_sync.applicable == false with data.evidence as evidence
	}
}

test_applicable_on_doubt if {
	evidence := {"entra": {"organization": {"id": "t1"}, "on_premises_sync": {"features": {}}}}
	password_hash_sync.applicable with data.evidence as evidence
}
