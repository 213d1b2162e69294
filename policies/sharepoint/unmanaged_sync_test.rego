package policies.sharepoint.unmanaged_sync_test

import data.policies.sharepoint.unmanaged_sync

_cases := [
	{
		"note": "restricted",
		"evidence": {"isUnmanagedSyncAppForTenantRestricted": true, "allowedDomainGuidsForSyncApp": ["00000000-0000-0000-0000-000000000001"]},
		"compliant": true,
	},
	{
		"note": "not restricted",
		"evidence": {"isUnmanagedSyncAppForTenantRestricted": false, "allowedDomainGuidsForSyncApp": ["00000000-0000-0000-0000-000000000001"]},
		"compliant": false,
	},
	{
		"note": "no domain",
		"evidence": {"isUnmanagedSyncAppForTenantRestricted": true, "allowedDomainGuidsForSyncApp": []},
		"compliant": false,
	},
	{
		"note": "blank domain",
		"evidence": {"isUnmanagedSyncAppForTenantRestricted": true, "allowedDomainGuidsForSyncApp": [""]},
		"compliant": false,
	},
	{
		"note": "null domains",
		"evidence": {"isUnmanagedSyncAppForTenantRestricted": true, "allowedDomainGuidsForSyncApp": null},
		"compliant": false,
	},
	{
		"note": "bare domain",
		"evidence": {"isUnmanagedSyncAppForTenantRestricted": true, "allowedDomainGuidsForSyncApp": "x"},
		"compliant": false,
	},
	{"note": "no list", "evidence": {"isUnmanagedSyncAppForTenantRestricted": true}, "compliant": false},
	{"note": "no switch", "evidence": {"allowedDomainGuidsForSyncApp": ["x"]}, "compliant": false},
]

test_cases if {
	every case in _cases {
		case.compliant == unmanaged_sync.compliant with data.evidence.sharepoint.settings as case.evidence
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := unmanaged_sync.reasons with data.evidence.sharepoint.settings as case.evidence
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if not unmanaged_sync.compliant with data.evidence as {}
