package policies.defender_identity.sensors_test

import data.policies.defender_identity.sensors

# The parameters of each control, and a server that counts for it.
_members := {
	"AATP_DefenderForIdentityIsNotInstalled": {"roles": ["DomainController", "ADCS", "ADFS", "EntraConnect"], "role": "ADFS"},
	"AATP_Sensor": {"roles": ["DomainController"], "role": "DomainController"},
	"AATP_AdcsComputersWithNoMdiSensorInstalled": {"roles": ["ADCS"], "role": "ADCS"},
	"AATP_AdfsComputersWithNoMdiSensorInstalled": {"roles": ["ADFS"], "role": "ADFS"},
	"AATP_EntraConnectComputersWithNoMdiSensorInstalled": {"roles": ["EntraConnect"], "role": "EntraConnect"},
}

# Servers of roles that a control is not about.
_others(member) := [_server(sprintf("other %s", [role]), role, false) |
	some role in {"DomainController", "ADCS", "ADFS", "EntraConnect"}
	not role in member.roles
]

_server(name, role, installed) := {"server": name, "role": role, "sensorInstalled": installed}

_evidence(servers) := {"defender_identity": {"sensors": servers}}

test_all_covered if {
	every member in _members {
		evidence := _evidence(array.concat([_server("s1", member.role, true), _server("s2", member.role, true)], _others(member)))
		sensors.fraction == 1 with data.evidence as evidence with data.parameters as member
		sensors.applicable with data.evidence as evidence with data.parameters as member
		sensors.reasons == {"servers with a sensor: 2 of 2"} with data.evidence as evidence with data.parameters as member
	}
}

test_half_covered if {
	every member in _members {
		evidence := _evidence([_server("s1", member.role, true), _server("s2", member.role, false)])
		sensors.fraction == 0.5 with data.evidence as evidence with data.parameters as member
		sensors.reasons == {"servers with a sensor: 1 of 2", "no sensor is known to be on s2"} with data.evidence as evidence
			with data.parameters as member
	}
}

test_none_covered if {
	every member in _members {
		every server in [_server("s1", member.role, false), _server("s1", member.role, null), _server("s1", member.role, "true"), {"server": "s1", "role": member.role}] {
			evidence := _evidence([server])
			sensors.fraction == 0 with data.evidence as evidence with data.parameters as member
			sensors.applicable with data.evidence as evidence with data.parameters as member
		}
	}
}

test_not_applicable_without_such_a_server if {
	every member in _members {
		every servers in [[], _others(member)] {
			evidence := _evidence(servers)
			sensors.applicable == false with data.evidence as evidence with data.parameters as member
			sensors.fraction == 0 with data.evidence as evidence with data.parameters as member
		}
	}
}

test_each_role_counts_for_the_deployment if {
	evidence := _evidence([
		_server("dc1", "DomainController", true),
		_server("ca1", "ADCS", false),
		_server("fs1", "ADFS", false),
		_server("sync1", "EntraConnect", false),
	])
	sensors.fraction == 0.25 with data.evidence as evidence with data.parameters as _members.AATP_DefenderForIdentityIsNotInstalled
}

test_servers_of_the_same_name_in_two_domains if {
	every member in _members {
		evidence := _evidence([
			object.union(_server("s1", member.role, true), {"domain": "oslo.example"}),
			object.union(_server("s1", member.role, false), {"domain": "lima.example"}),
		])
		sensors.fraction == 0.5 with data.evidence as evidence with data.parameters as member
		sensors.reasons == {"servers with a sensor: 1 of 2", "no sensor is known to be on s1 of domain lima.example"} with data.evidence as evidence
			with data.parameters as member
	}
}

test_records_that_disagree_cover_nothing if {
	every member in _members {
		every installed in [false, null] {
			evidence := _evidence([_server("s1", member.role, true), _server("s1", member.role, installed)])
			sensors.fraction == 0 with data.evidence as evidence with data.parameters as member
		}
	}
}

# Spellings of each role.
_spellings := {
	"DomainController": ["domaincontroller", "Domain Controller", "domain-controller", "DOMAIN_CONTROLLER", " Domain  controller "],
	"ADCS": ["adcs", "AD CS", "ad-cs"],
	"ADFS": ["Adfs", "AD FS", "AD_FS"],
	"EntraConnect": ["entraconnect", "Entra Connect", "entra-connect"],
}

test_role_in_any_spelling if {
	every member in _members {
		every spelling in _spellings[member.role] {
			evidence := _evidence([_server("s1", member.role, true), _server("s2", spelling, false)])
			sensors.fraction == 0.5 with data.evidence as evidence with data.parameters as member
			both := _evidence([_server("s1", member.role, true), _server("s2", spelling, true)])
			sensors.fraction == 1 with data.evidence as both with data.parameters as member
			elsewhere := object.union(member, {"roles": [spelling]})
			sensors.fraction == 0.5 with data.evidence as evidence with data.parameters as elsewhere
		}
	}
}

test_a_server_of_an_unknown_role_may_be_of_any_kind if {
	every member in _members {
		every role in ["PDC", "DomainControllers", "", null] {
			evidence := _evidence([_server("s1", member.role, true), _server("s2", role, true)])
			sensors.fraction == 0.5 with data.evidence as evidence with data.parameters as member
			sensors.applicable with data.evidence as evidence with data.parameters as member
		}
		evidence := _evidence([_server("s1", "PDC", true)])
		sensors.fraction == 0 with data.evidence as evidence with data.parameters as member
		sensors.reasons == {
			"servers with a sensor: 0 of 1",
			"no sensor is known to be on s1",
			`the role of s1 is not known: "PDC"`,
		} with data.evidence as evidence with data.parameters as member

		missing := _evidence([{"server": "s1", "sensorInstalled": true}])
		sensors.fraction == 0 with data.evidence as missing with data.parameters as member
	}
}

test_a_role_that_the_control_names_is_known if {
	evidence := _evidence([_server("s1", "File server", true)])
	sensors.fraction == 1 with data.evidence as evidence with data.parameters as {"roles": ["FileServer"]}
}
