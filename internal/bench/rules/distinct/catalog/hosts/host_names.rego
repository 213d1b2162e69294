package policies.hosts.host_names

default in_scope := true

default compliant := false

compliant if input.deviceName == concat("-", [upper(input.site), substring(input.serialNumber, 6, -1)])
