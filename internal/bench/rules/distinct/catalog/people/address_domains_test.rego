package policies.people.address_domains_test

import data.policies.people.address_domains

_good := {"proxyAddresses": ["SMTP:ada@contoso.example", "smtp:a@Mail.contoso.example"]}

_parameters := {"domains": ["contoso.example", "mail.contoso.example", "fabrikam.example", "contoso.onmicrosoft.example"]}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	address_domains.in_scope with input as _good with data.parameters as _parameters
	address_domains.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not address_domains.compliant with input as _patched({"proxyAddresses": ["SMTP:ada@contoso.example", "smtp:a@private.example"]}) with data.parameters as _parameters

test_nothing_known if not address_domains.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not address_domains.in_scope with input as _patched({"proxyAddresses": []}) with data.parameters as _parameters
