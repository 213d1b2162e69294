package policies.defender_identity.exposed_entities

# The assessment was made, and it names nothing.
default compliant := false

compliant if {
	count(_results) > 0
	every exposed in _results { exposed == [] }
}

# Why it is not so.
reasons contains "the evidence holds no result for this assessment" if count(_results) == 0

reasons contains reason if {
	some exposed in _results
	is_array(exposed)
	count(exposed) > 0
	reason := sprintf("exposed entities: %d", [count(exposed)])
}

# The lists of entities that the assessment names, one for each time that it stands in the evidence: none of them may pass unseen.
_results := {assessment.exposedEntities |
	some assessment in data.evidence.defender_identity.assessments
	assessment.controlId == data.parameters.assessment
}
