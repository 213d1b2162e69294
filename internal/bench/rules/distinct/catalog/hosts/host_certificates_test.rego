package policies.hosts.host_certificates_test

import data.policies.hosts.host_certificates

_good := {"deviceName": "BER-ABCDEF", "certificates": [{"keyBits": 4096, "notAfter": "2027-01-01T00:00:00Z", "subject": "CN=ber-abcdef.contoso.example"}]}

_parameters := {"bits": 2048, "until": "2026-11-01T00:00:00Z"}

_patched(patch) := object.union(_good, patch)

test_compliant if {
	host_certificates.in_scope with input as _good with data.parameters as _parameters
	host_certificates.compliant with input as _good with data.parameters as _parameters
}

test_not_compliant_1 if not host_certificates.compliant with input as _patched({"deviceName": "BER-000000"}) with data.parameters as _parameters

test_not_compliant_2 if not host_certificates.compliant with input as _patched({"certificates": [{"keyBits": 1024, "notAfter": "2027-01-01T00:00:00Z", "subject": "CN=ber-abcdef"}]}) with data.parameters as _parameters

test_not_compliant_3 if not host_certificates.compliant with input as _patched({"certificates": [{"keyBits": 4096, "notAfter": "2026-10-01T00:00:00Z", "subject": "CN=ber-abcdef"}]}) with data.parameters as _parameters

test_nothing_known if not host_certificates.compliant with input as {"id": "x"} with data.parameters as _parameters

test_out_of_scope if not host_certificates.in_scope with input as _patched({"certificates": []}) with data.parameters as _parameters
