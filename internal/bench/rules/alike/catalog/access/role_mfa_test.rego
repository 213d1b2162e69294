package policies.access.role_mfa_test

import data.policies.access.role_mfa

_policy := {"state": "enabled", "conditions": {"users": {"includeRoles": ["Security Reader"]}}, "grantControls": {"builtInControls": ["mfa"]}}

_compliant(policies, role) if role_mfa.compliant with data.evidence.bench.ca_policies as policies with data.parameters.role as role

test_compliant if _compliant([_policy], "Security Reader")

test_another_role if not _compliant([_policy], "Global Administrator")

test_not_enforced if not _compliant([object.union(_policy, {"state": "disabled"})], "Security Reader")

test_nothing_known if not _compliant([], "Security Reader")
