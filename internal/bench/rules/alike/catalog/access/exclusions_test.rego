package policies.access.exclusions_test

import data.policies.access.exclusions

_policy(excluded) := {"displayName": "CA001", "conditions": {"users": {"excludeUsers": excluded}}}

_compliant(policies) if exclusions.compliant with data.evidence.bench.ca_policies as policies with data.parameters.most as 1

test_compliant if _compliant([_policy([]), _policy(["ada"])])

test_too_many if not _compliant([_policy(["ada"]), _policy(["ada", "ben"])])

test_another_name if not _compliant([object.union(_policy([]), {"displayName": "Test"})])

test_nothing_known if not _compliant([])
