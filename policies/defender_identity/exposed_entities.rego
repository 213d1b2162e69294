package policies.defender_identity.exposed_entities

import data.policies.lib.exposed_entities

default compliant := false

# The assessment was made, and it names nothing.
compliant if exposed_entities.clean(_results)

reasons := exposed_entities.shortfalls(_results)

_results := exposed_entities.results(data.evidence.defender_identity.assessments, data.parameters.assessment)
