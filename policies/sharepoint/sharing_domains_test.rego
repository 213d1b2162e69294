package policies.sharepoint.sharing_domains_test

import data.policies.sharepoint.sharing_domains

_cases := [
	{
		"note": "allowed domains",
		"evidence": {"sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": ["partner.example"]},
		"compliant": true,
	},
	{
		"note": "blocked domains",
		"evidence": {"sharingDomainRestrictionMode": "blockList", "sharingBlockedDomainList": ["rival.example"]},
		"compliant": true,
	},
	{
		"note": "nothing is shared outside",
		"evidence": {"sharingCapability": "disabled", "sharingDomainRestrictionMode": "none"},
		"compliant": true,
	},
	{
		"note": "nothing is shared outside, with an empty list",
		"evidence": {"sharingCapability": "disabled", "sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": []},
		"compliant": true,
	},
	{
		"note": "shared with guests that are there",
		"evidence": {"sharingCapability": "existingExternalUserSharingOnly", "sharingDomainRestrictionMode": "none"},
		"compliant": false,
	},
	{
		"note": "no restriction",
		"evidence": {"sharingDomainRestrictionMode": "none", "sharingAllowedDomainList": ["partner.example"]},
		"compliant": false,
	},
	{"note": "empty list", "evidence": {"sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": []}, "compliant": false},
	{
		"note": "blank entry",
		"evidence": {"sharingDomainRestrictionMode": "blockList", "sharingBlockedDomainList": [" ", ""]},
		"compliant": false,
	},
	{
		"note": "the other list",
		"evidence": {"sharingDomainRestrictionMode": "allowList", "sharingAllowedDomainList": [], "sharingBlockedDomainList": ["rival.example"]},
		"compliant": false,
	},
	{"note": "null list", "evidence": {"sharingDomainRestrictionMode": "blockList", "sharingBlockedDomainList": null}, "compliant": false},
	{"note": "no list", "evidence": {"sharingDomainRestrictionMode": "blockList"}, "compliant": false},
	{
		"note": "wrong case",
		"evidence": {"sharingDomainRestrictionMode": "AllowList", "sharingAllowedDomainList": ["partner.example"]},
		"compliant": false,
	},
	{"note": "missing", "evidence": {}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == sharing_domains.compliant with data.evidence.sharepoint.settings as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := sharing_domains.reasons with data.evidence.sharepoint.settings as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not sharing_domains.compliant with data.evidence as {}
