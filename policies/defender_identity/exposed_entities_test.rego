package policies.defender_identity.exposed_entities_test

import data.policies.defender_identity.exposed_entities

# Some of the members. TestEveryMemberOfAFamily, in Go, takes all of them from the catalog.
_members := ["AATP_DormantAccounts", "AATP_InactiveServiceAccounts", "AATP_NonAdminDCSyncAccounts"]

_evidence(assessments) := {"defender_identity": {"assessments": assessments}}

_exposed := [{"name": "svc-old", "domain": "corp.contoso.example"}]

test_nothing_exposed if {
	every member in _members {
		evidence := _evidence([{"controlId": member, "exposedEntities": []}, {"controlId": "AATP_Other", "exposedEntities": _exposed}])
		parameters := {"assessment": member}
		exposed_entities.compliant with data.evidence as evidence with data.parameters as parameters
		exposed_entities.reasons == set() with data.evidence as evidence with data.parameters as parameters
	}
}

test_something_exposed if {
	every member in _members {
		evidence := _evidence([{"controlId": member, "exposedEntities": _exposed}])
		parameters := {"assessment": member}
		not exposed_entities.compliant with data.evidence as evidence with data.parameters as parameters
		exposed_entities.reasons == {"exposed entities: 1"} with data.evidence as evidence with data.parameters as parameters
	}
}

test_no_result_is_no_pass if {
	every member in _members {
		every assessments in [[], [{"controlId": "AATP_Other", "exposedEntities": []}], [{"controlId": member}]] {
			evidence := _evidence(assessments)
			parameters := {"assessment": member}
			not exposed_entities.compliant with data.evidence as evidence with data.parameters as parameters
			exposed_entities.reasons == {"the evidence holds no result for this assessment"} with data.evidence as evidence
				with data.parameters as parameters
		}
	}
}

test_results_of_another_type_are_no_pass if {
	every exposed in [null, "", {}] {
		evidence := _evidence([{"controlId": "AATP_DormantAccounts", "exposedEntities": exposed}])
		parameters := {"assessment": "AATP_DormantAccounts"}
		not exposed_entities.compliant with data.evidence as evidence with data.parameters as parameters
	}
}

test_no_result_passes_unseen if {
	evidence := _evidence([{"controlId": "A", "exposedEntities": []}, {"controlId": "A", "exposedEntities": [{}]}])
	not exposed_entities.compliant with data.evidence as evidence with data.parameters as {"assessment": "A"}
	exposed_entities.reasons == {"exposed entities: 1"} with data.evidence as evidence with data.parameters as {"assessment": "A"}
}
