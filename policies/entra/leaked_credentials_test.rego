package policies.entra.leaked_credentials_test

import data.policies.entra.leaked_credentials

_assessed(entities) := {"defender_identity": {"assessments": [{"controlId": "A", "exposedEntities": entities}]}}

_parameters := {"assessment": "A"}

test_nothing_leaked if {
	leaked_credentials.compliant with data.evidence as _assessed([]) with data.parameters as _parameters
	leaked_credentials.reasons == set() with data.evidence as _assessed([]) with data.parameters as _parameters
}

test_something_leaked if {
	not leaked_credentials.compliant with data.evidence as _assessed([{"name": "ada"}]) with data.parameters as _parameters
	leaked_credentials.reasons == {"exposed entities: 1"} with data.evidence as _assessed([{"name": "ada"}]) with data.parameters as _parameters
}

test_no_evidence_is_not_met if {
	not leaked_credentials.compliant with data.evidence as {} with data.parameters as _parameters
}
