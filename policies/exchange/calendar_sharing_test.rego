package policies.exchange.calendar_sharing_test

import data.policies.exchange.calendar_sharing

_cases := [
	{
		"note": "all off",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": false}, {"name": "Partners", "enabled": false}],
		"compliant": true,
	},
	{"note": "default on", "evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true}], "compliant": false},
	{
		"note": "custom on",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": false}, {"name": "Partners", "enabled": true}],
		"compliant": false,
	},
	{
		"note": "on, for nobody",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true, "domains": []}],
		"compliant": true,
	},
	{
		"note": "on, for contacts alone",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true, "domains": ["*:ContactsSharing", "fabrikam.example: contactssharing"]}],
		"compliant": true,
	},
	{
		"note": "on, for contacts and calendars",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true, "domains": ["fabrikam.example:ContactsSharing, CalendarSharingFreeBusySimple"]}],
		"compliant": false,
	},
	{
		"note": "on, for contacts of some and calendars of others",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true, "domains": ["*:ContactsSharing", "Anonymous:CalendarSharingFreeBusyReviewer"]}],
		"compliant": false,
	},
	{
		"note": "on, for something that can't be read",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true, "domains": ["ContactsSharing"]}],
		"compliant": false,
	},
	{
		"note": "one for nobody, another on",
		"evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": true, "domains": []}, {"name": "Partners", "enabled": true, "domains": ["*:CalendarSharingFreeBusyDetail"]}],
		"compliant": false,
	},
	{"note": "null", "evidence": [{"name": "Default Sharing Policy", "default": true, "enabled": null}], "compliant": false},
	{"note": "missing", "evidence": [{"name": "Default Sharing Policy", "default": true}], "compliant": false},
	{"note": "no policy", "evidence": [], "compliant": false},
	{"note": "without the default", "evidence": [{"name": "Partners", "default": false, "enabled": false}], "compliant": false},
	{"note": "not known which is the default", "evidence": [{"name": "Partners", "enabled": false}], "compliant": true},
]

test_cases if {
	every case in _cases {
		case.compliant == calendar_sharing.compliant with data.evidence.exchange.sharing_policies as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := calendar_sharing.reasons with data.evidence.exchange.sharing_policies as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not calendar_sharing.compliant with data.evidence as {}
