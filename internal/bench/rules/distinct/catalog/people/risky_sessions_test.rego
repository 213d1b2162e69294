package policies.people.risky_sessions_test

import data.policies.people.risky_sessions

_good := {"sessions": [{"id": "a", "createdDateTime": "2026-09-20T03:04:05Z", "riskScore": 0.1, "clientAppUsed": "Browser"}, {"id": "b", "createdDateTime": "2026-01-20T03:04:05Z", "riskScore": 0.9, "clientAppUsed": "Browser"}]}

_parameters := {"score": 0.7, "legacy": ["IMAP4", "POP3", "Authenticated SMTP"], "since": "2026-09-08T00:00:00Z"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	risky_sessions.in_scope with input as _good with data.parameters as _parameters
	risky_sessions.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not risky_sessions.compliant with input as _patched({"sessions": [{"id": "a", "createdDateTime": "2026-09-20T03:04:05Z", "riskScore": 0.8, "clientAppUsed": "Browser"}]}) with data.parameters as _parameters

test_not_compliant_2 if not risky_sessions.compliant with input as _patched({"sessions": [{"id": "a", "createdDateTime": "2026-09-20T03:04:05Z", "riskScore": 0.1, "clientAppUsed": "POP3"}]}) with data.parameters as _parameters
