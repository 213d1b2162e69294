package policies.defender_identity.settings_test

import data.policies.defender_identity.settings

_honeytoken := {"setting": ["honeytokenAccounts"], "listed": true}

_vpn := {"setting": ["vpn", "radiusAccountingEnabled"], "listed": false}

_cases := [
	{"note": "a honeytoken", "setting": _honeytoken, "evidence": {"honeytokenAccounts": ["svc-archive"]}, "compliant": true},
	{"note": "no honeytoken", "setting": _honeytoken, "evidence": {"honeytokenAccounts": []}, "compliant": false},
	{"note": "a honeytoken without a name", "setting": _honeytoken, "evidence": {"honeytokenAccounts": [" ", null]}, "compliant": false},
	{"note": "honeytokens are null", "setting": _honeytoken, "evidence": {"honeytokenAccounts": null}, "compliant": false},
	{"note": "honeytokens of another type", "setting": _honeytoken, "evidence": {"honeytokenAccounts": "svc-archive"}, "compliant": false},
	{"note": "honeytokens are on", "setting": _honeytoken, "evidence": {"honeytokenAccounts": true}, "compliant": false},
	{"note": "honeytokens are missing", "setting": _honeytoken, "evidence": {"vpn": {"radiusAccountingEnabled": true}}, "compliant": false},
	{"note": "accounting is on", "setting": _vpn, "evidence": {"vpn": {"radiusAccountingEnabled": true}}, "compliant": true},
	{"note": "accounting is off", "setting": _vpn, "evidence": {"vpn": {"radiusAccountingEnabled": false}}, "compliant": false},
	{"note": "accounting is null", "setting": _vpn, "evidence": {"vpn": {"radiusAccountingEnabled": null}}, "compliant": false},
	{"note": "accounting is a word", "setting": _vpn, "evidence": {"vpn": {"radiusAccountingEnabled": "true"}}, "compliant": false},
	{"note": "accounting is a list", "setting": _vpn, "evidence": {"vpn": {"radiusAccountingEnabled": ["vpn1"]}}, "compliant": false},
	{"note": "accounting is missing", "setting": _vpn, "evidence": {"vpn": {}}, "compliant": false},
	{"note": "the VPN is null", "setting": _vpn, "evidence": {"vpn": null, "honeytokenAccounts": ["svc-archive"]}, "compliant": false},
	{"note": "the VPN is missing", "setting": _vpn, "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == settings.compliant with data.evidence.defender_identity.settings as case.evidence
			with data.parameters as case.setting
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := settings.reasons with data.evidence.defender_identity.settings as case.evidence
			with data.parameters as case.setting
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_reason_names_the_setting if {
	settings.reasons == {"vpn.radiusAccountingEnabled is not known to be set"} with data.evidence.defender_identity.settings as {}
		with data.parameters as _vpn
}

test_no_evidence_is_not_met if {
	every parameters in [_honeytoken, _vpn] {
		not settings.compliant with data.evidence as {} with data.parameters as parameters
	}
}
