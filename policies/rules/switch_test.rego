package policies.rules.switch_test

import data.policies.rules.switch

_cases := [
	{"note": "as it should be", "wanted": true, "document": {"isOn": true}, "compliant": true},
	{"note": "otherwise", "wanted": true, "document": {"isOn": false}, "compliant": false},
	{"note": "wrong type", "wanted": true, "document": {"isOn": "true"}, "compliant": false},
	{"note": "off, as it should be", "wanted": false, "document": {"isOn": false}, "compliant": true},
	{"note": "on, and should not be", "wanted": false, "document": {"isOn": true}, "compliant": false},
	{"note": "off, of the wrong type", "wanted": false, "document": {"isOn": "false"}, "compliant": false},
	{"note": "null", "wanted": false, "document": {"isOn": null}, "compliant": false},
	{"note": "missing", "wanted": false, "document": {}, "compliant": false},
	{"note": "another one", "wanted": true, "document": {"isToo": true}, "compliant": false},
]

test_cases if {
	every case in _cases {
		constants := {"field": "isOn", "wanted": case.wanted, "reason": "it is not so"}
		case.compliant == switch.compliant with data.context as {"document": case.document} with data.constants as constants
		reasons := switch.reasons with data.context as {"document": case.document} with data.constants as constants
		unexplained := reasons == set()
		case.compliant == unexplained
		every reason in reasons { reason == "it is not so" }
	}
}

test_no_evidence_is_not_met if {
	not switch.compliant with data.context as {} with data.constants as {"field": "isOn", "wanted": true, "reason": ""}
	not switch.compliant with data.context as {} with data.constants as {"field": "isOn", "wanted": false, "reason": ""}
}
