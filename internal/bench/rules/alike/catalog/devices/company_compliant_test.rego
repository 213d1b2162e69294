package policies.devices.company_compliant_test

import data.policies.devices.company_compliant

_good := {"ownerType": "company", "complianceState": "compliant"}

test_compliant if {
	company_compliant.in_scope with input as _good
	company_compliant.compliant with input as _good
}

test_not_compliant if not company_compliant.compliant with input as {"ownerType": "company", "complianceState": "inGracePeriod"}

test_nothing_known if not company_compliant.compliant with input as {"id": "x"}

test_out_of_scope if not company_compliant.in_scope with input as {"ownerType": "personal"}
