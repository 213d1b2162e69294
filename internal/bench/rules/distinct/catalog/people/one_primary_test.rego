package policies.people.one_primary_test

import data.policies.people.one_primary

_good := {"mail": "Ada@contoso.example", "proxyAddresses": ["SMTP:ada@contoso.example", "smtp:a@contoso.example"]}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	one_primary.in_scope with input as _good
	one_primary.compliant with input as _good
}

test_not_compliant_1 if not one_primary.compliant with input as _patched({"proxyAddresses": ["SMTP:ada@contoso.example", "SMTP:a@contoso.example"]})

test_not_compliant_2 if not one_primary.compliant with input as _patched({"proxyAddresses": ["SMTP:a@contoso.example"]})

test_nothing_known if not one_primary.compliant with input as {"id": "x"}
