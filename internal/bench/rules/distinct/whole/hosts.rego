# The five rules about hosts, over the whole document: who is in scope, and who of them fails, each as a set of ids.
package bench.hosts

results["HostNames"] := {"in_scope": count(host_names_scope), "failing": count(host_names_failing)}

host_names_scope contains host.id if {
	some host in input.bench.hosts
	host_names_applies(host)
}

host_names_failing contains host.id if {
	some host in input.bench.hosts
	host_names_applies(host)
	not host_names_complies(host)
}

host_names_applies(_) := true

host_names_complies(host) if host.deviceName == concat("-", [upper(host.site), substring(host.serialNumber, 6, -1)])

results["HostBuilds"] := {"in_scope": count(host_builds_scope), "failing": count(host_builds_failing)}

host_builds_scope contains host.id if {
	some host in input.bench.hosts
	host_builds_applies(host)
}

host_builds_failing contains host.id if {
	some host in input.bench.hosts
	host_builds_applies(host)
	not host_builds_complies(host)
}

host_builds_applies(host) if host.lastSyncDateTime >= data.sets.host_builds_sync

# Versions are major, minor, build and revision.
host_builds_complies(host) if {
	parts := split(host.osVersion, ".")
	count(parts) == 4
	to_number(parts[2]) >= data.sets.host_builds_build
}

results["HostCertificates"] := {"in_scope": count(host_certificates_scope), "failing": count(host_certificates_failing)}

host_certificates_scope contains host.id if {
	some host in input.bench.hosts
	host_certificates_applies(host)
}

host_certificates_failing contains host.id if {
	some host in input.bench.hosts
	host_certificates_applies(host)
	not host_certificates_complies(host)
}

host_certificates_applies(host) if count(host.certificates) > 0

host_certificates_complies(host) if {
	every certificate in host.certificates {
		certificate.keyBits >= data.sets.host_certificates_bits
		time.parse_rfc3339_ns(certificate.notAfter) > time.parse_rfc3339_ns(data.sets.host_certificates_until)
		contains(lower(certificate.subject), lower(host.deviceName))
	}
}

results["HostSoftware"] := {"in_scope": count(host_software_scope), "failing": count(host_software_failing)}

host_software_scope contains host.id if {
	some host in input.bench.hosts
	host_software_applies(host)
}

host_software_failing contains host.id if {
	some host in input.bench.hosts
	host_software_applies(host)
	not host_software_complies(host)
}

host_software_applies(_) := true

host_software_complies(host) if {
	count(host.software) > 0
	not installs_forbidden(host)
}

installs_forbidden(host) if {
	some app in host.software
	name := lower(app.name)
	some word in data.sets.host_software_forbidden
	contains(name, word)
}

results["HostDisks"] := {"in_scope": count(host_disks_scope), "failing": count(host_disks_failing)}

host_disks_scope contains host.id if {
	some host in input.bench.hosts
	host_disks_applies(host)
}

host_disks_failing contains host.id if {
	some host in input.bench.hosts
	host_disks_applies(host)
	not host_disks_complies(host)
}

host_disks_applies(host) if startswith(host.ipAddress, "10.")

host_disks_complies(host) if {
	every disk in host.disks {
		disk.encrypted
		disk.freeBytes * 100 >= disk.sizeBytes * data.sets.host_disks_free
	}
	count({disk.name | some disk in host.disks}) == count(host.disks)
}
