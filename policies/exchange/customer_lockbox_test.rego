package policies.exchange.customer_lockbox_test

import data.policies.exchange.customer_lockbox

_cases := [
	{"note": "as it should be", "evidence": {"customerLockboxEnabled": true}, "compliant": true},
	{"note": "otherwise", "evidence": {"customerLockboxEnabled": false}, "compliant": false},
	{"note": "null", "evidence": {"customerLockboxEnabled": null}, "compliant": false},
	{"note": "wrong type", "evidence": {"customerLockboxEnabled": "true"}, "compliant": false},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == customer_lockbox.compliant with data.evidence.exchange.organization_config as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := customer_lockbox.reasons with data.evidence.exchange.organization_config as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not customer_lockbox.compliant with data.evidence as {}
}
