package policies.settings.sharing_domains_test

import data.policies.settings.sharing_domains

_parameters := {"setting": "mail_forwarding", "domains": ["a.example"]}

_compliant(settings) if sharing_domains.compliant with data.evidence.bench.settings as settings with data.parameters as _parameters

test_compliant if _compliant([{"id": "mail_forwarding", "allowed": ["a.example"]}])

test_unknown_domain if not _compliant([{"id": "mail_forwarding", "allowed": ["a.example", "z.example"]}])

test_another_setting if not _compliant([{"id": "bookings", "allowed": []}])

test_nothing_known if not _compliant([{"id": "mail_forwarding"}])
