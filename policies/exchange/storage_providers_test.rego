package policies.exchange.storage_providers_test

import data.policies.exchange.storage_providers

_cases := [
	{
		"note": "ruled out",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "isDefault": true, "additionalStorageProvidersAvailable": false}],
		"compliant": true,
	},
	{
		"note": "offered",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "isDefault": true, "additionalStorageProvidersAvailable": true}],
		"compliant": false,
	},
	{
		"note": "null",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "isDefault": true, "additionalStorageProvidersAvailable": null}],
		"compliant": false,
	},
	{"note": "missing", "evidence": [{"identity": "OwaMailboxPolicy-Default", "isDefault": true}], "compliant": false},
	{
		"note": "the default decides",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "isDefault": true, "additionalStorageProvidersAvailable": false}, {"identity": "Sales", "isDefault": false, "additionalStorageProvidersAvailable": true}],
		"compliant": true,
	},
	{
		"note": "another default decides, whatever the name",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "isDefault": false, "additionalStorageProvidersAvailable": false}, {"identity": "Corp", "isDefault": true, "additionalStorageProvidersAvailable": true}],
		"compliant": false,
	},
	{
		"note": "another default rules it out",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "isDefault": false, "additionalStorageProvidersAvailable": true}, {"identity": "Corp", "isDefault": true, "additionalStorageProvidersAvailable": false}],
		"compliant": true,
	},
	{
		"note": "any may be the default, and all rule it out",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "additionalStorageProvidersAvailable": false}, {"identity": "Sales", "additionalStorageProvidersAvailable": false}],
		"compliant": true,
	},
	{
		"note": "any may be the default, and one offers it",
		"evidence": [{"identity": "OwaMailboxPolicy-Default", "additionalStorageProvidersAvailable": false}, {"identity": "Sales", "isDefault": null, "additionalStorageProvidersAvailable": true}],
		"compliant": false,
	},
	{
		"note": "no default",
		"evidence": [{"identity": "Sales", "isDefault": false, "additionalStorageProvidersAvailable": false}],
		"compliant": false,
	},
	{"note": "no policy", "evidence": [], "compliant": false},
]

_parameters := {"every_policy": false}

test_cases if {
	every case in _cases {
		case.compliant == storage_providers.compliant with data.evidence.exchange.owa_mailbox_policies as case.evidence
			with data.parameters as _parameters
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := storage_providers.reasons with data.evidence.exchange.owa_mailbox_policies as case.evidence
			with data.parameters as _parameters
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not storage_providers.compliant with data.evidence as {}
		with data.parameters as _parameters
}

test_every_policy_may_be_judged if {
	default_policy := {"identity": "OwaMailboxPolicy-Default", "additionalStorageProvidersAvailable": false}
	storage_providers.compliant with data.evidence.exchange.owa_mailbox_policies as [default_policy]
		with data.parameters.every_policy as true

	every other in [{"identity": "Sales"}, {"identity": "Sales", "additionalStorageProvidersAvailable": true}] {
		not storage_providers.compliant with data.evidence.exchange.owa_mailbox_policies as [default_policy, other]
			with data.parameters.every_policy as true
		reasons := storage_providers.reasons with data.evidence.exchange.owa_mailbox_policies as [default_policy, other]
			with data.parameters.every_policy as true
		reasons == {`policy "Sales" doesn't rule out other storage providers`}
	}
}
