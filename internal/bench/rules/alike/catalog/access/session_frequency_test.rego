package policies.access.session_frequency_test

import data.policies.access.session_frequency

_policy(hours) := {
	"displayName": "CA001",
	"state": "enabled",
	"conditions": {"users": {"includeUsers": ["All"]}},
	"sessionControls": {"signInFrequency": {"isEnabled": true, "value": hours}},
}

_compliant(policies) if session_frequency.compliant with data.evidence.bench.ca_policies as policies with data.parameters.hours as 8

test_compliant if _compliant([_policy(12), _policy(8)])

test_too_long if not _compliant([_policy(9)])

test_not_enforced if not _compliant([object.union(_policy(8), {"state": "disabled"})])

test_nothing_known if not _compliant([])
