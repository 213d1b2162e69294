package policies.zoom.settings_test

import data.policies.zoom.settings

# As MDA_Zoom_BlockDomains asks.
_asked := {"enabled": ["domainsBlocked", "domainsBlockedLocked"]}

_good := {"domainsBlocked": true, "domainsBlockedLocked": true}

_cases := [
	{"note": "as it should be", "instance": {"settings": _good}, "compliant": true},
	{"note": "otherwise", "instance": {"settings": object.union(_good, {"domainsBlocked": false})}, "compliant": false},
	{"note": "wrong type", "instance": {"settings": object.union(_good, {"domainsBlocked": [true]})}, "compliant": false},
	{"note": "null", "instance": {"settings": object.union(_good, {"domainsBlocked": null})}, "compliant": false},
	{"note": "missing", "instance": {"settings": object.remove(_good, ["domainsBlocked"])}, "compliant": false},
	{"note": "not locked", "instance": {"settings": object.union(_good, {"domainsBlockedLocked": false})}, "compliant": false},
	{"note": "lock unknown", "instance": {"settings": object.remove(_good, ["domainsBlockedLocked"])}, "compliant": false},
	{"note": "no settings", "instance": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == settings.compliant with input as case.instance with data.parameters as _asked
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := settings.reasons with input as case.instance with data.parameters as _asked
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}
