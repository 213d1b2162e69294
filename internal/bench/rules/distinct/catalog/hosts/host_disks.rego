package policies.hosts.host_disks

default in_scope := false

in_scope if startswith(input.ipAddress, "10.")

default compliant := false

compliant if {
	every disk in input.disks {
		disk.encrypted
		disk.freeBytes * 100 >= disk.sizeBytes * data.parameters.free
	}
	count({disk.name | some disk in input.disks}) == count(input.disks)
}
