package policies.people.one_primary

default in_scope := true

default compliant := false

# The protocol of the primary address is in capitals.
compliant if {
	primary := [address | some address in input.proxyAddresses; startswith(address, "SMTP:")]
	count(primary) == 1
	lower(primary[0]) == concat("", ["smtp:", lower(input.mail)])
}
