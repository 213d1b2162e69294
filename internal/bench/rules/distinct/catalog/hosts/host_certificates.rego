package policies.hosts.host_certificates

default in_scope := false

in_scope if count(input.certificates) > 0

default compliant := false

compliant if {
	every certificate in input.certificates {
		certificate.keyBits >= data.parameters.bits
		time.parse_rfc3339_ns(certificate.notAfter) > time.parse_rfc3339_ns(data.parameters.until)
		contains(lower(certificate.subject), lower(input.deviceName))
	}
}
