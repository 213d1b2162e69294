# What posture assessments of Defender for Identity found. Everything here is a function of its arguments.
package policies.lib.exposed_entities

# results are the lists of entities that the assessment of the id names, one for each time that it stands in the evidence: none
# of them may pass unseen.
results(assessments, id) := {assessment.exposedEntities |
	some assessment in assessments
	assessment.controlId == id
}

# clean holds if the assessment was made, and names nothing.
clean(found) if {
	count(found) > 0
	every exposed in found {
		exposed == []
	}
}

# shortfalls says why it is not: the empty set if it is.
shortfalls(found) := {"the evidence holds no result for this assessment"} if count(found) == 0

shortfalls(found) := {reason |
	some exposed in found
	is_array(exposed)
	count(exposed) > 0
	reason := sprintf("exposed entities: %d", [count(exposed)])
} if {
	count(found) > 0
}
