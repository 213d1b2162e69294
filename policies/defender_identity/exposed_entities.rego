package policies.defender_identity.exposed_entities

default compliant := false

# The assessment was made, and it names nothing.
compliant if {
	count(_results) > 0
	every exposed in _results {
		exposed == []
	}
}

reasons contains "the evidence holds no result for this assessment" if count(_results) == 0

reasons contains reason if {
	some exposed in _results
	is_array(exposed)
	count(exposed) > 0
	reason := sprintf("exposed entities: %d", [count(exposed)])
}

_results contains assessment.exposedEntities if {
	some assessment in data.evidence.defender_identity.assessments
	assessment.controlId == data.parameters.assessment
}
