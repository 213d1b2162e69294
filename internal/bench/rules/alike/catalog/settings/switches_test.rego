package policies.settings.switches_test

import data.policies.settings.switches

_parameters := {"setting": "audit_log", "level": 2}

_compliant(settings) if switches.compliant with data.evidence.bench.settings as settings with data.parameters as _parameters

test_compliant if _compliant([{"id": "audit_log", "enabled": true, "level": 2, "mode": "audit"}])

test_too_low if not _compliant([{"id": "audit_log", "enabled": true, "level": 1, "mode": "audit"}])

test_mode_off if not _compliant([{"id": "audit_log", "enabled": true, "level": 2, "mode": "off"}])

test_another_setting if not _compliant([{"id": "bookings", "enabled": true, "level": 2, "mode": "audit"}])

test_nothing_known if not _compliant([{"id": "audit_log"}])
