package policies.purview.audit_log_test

import data.policies.purview.audit_log

_cases := [
	{"note": "as it should be", "evidence": {"unifiedAuditLogIngestionEnabled": true}, "compliant": true},
	{"note": "otherwise", "evidence": {"unifiedAuditLogIngestionEnabled": false}, "compliant": false},
	{"note": "null", "evidence": {"unifiedAuditLogIngestionEnabled": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"unifiedAuditLogIngestionEnabled": "true"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == audit_log.compliant with data.evidence.exchange.admin_audit_log_config as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := audit_log.reasons with data.evidence.exchange.admin_audit_log_config as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not audit_log.compliant with data.evidence as {}
}
