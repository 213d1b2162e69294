package policies.people.mailboxes_test

import data.policies.people.mailboxes

_good := {"mailbox": {"usedBytes": 10, "quotaBytes": 100, "forwardTo": "SMTP:a@contoso.example"}}

_parameters := {"share": 0.9, "domains": ["contoso.example", "fabrikam.example"]}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	mailboxes.in_scope with input as _good with data.parameters as _parameters
	mailboxes.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not mailboxes.compliant with input as _patched({"mailbox": {"usedBytes": 95, "quotaBytes": 100}}) with data.parameters as _parameters

test_not_compliant_2 if not mailboxes.compliant with input as _patched({"mailbox": {"usedBytes": 10, "quotaBytes": 100, "forwardTo": "smtp:a@private.example"}}) with data.parameters as _parameters

test_nothing_known if not mailboxes.compliant with input as {"id": "x"} with data.parameters as _parameters
