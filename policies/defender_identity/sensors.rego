package policies.defender_identity.sensors

default applicable := true

# There is no server of this kind.
applicable := false if count(_servers) == 0

default fraction := 0

# The share of the servers that are known to carry a sensor.
fraction := count(_covered) / count(_servers) if count(_servers) > 0

reasons contains reason if {
	reason := sprintf("servers with a sensor: %d of %d", [count(_covered), count(_servers)])
}

reasons contains reason if {
	some server in (_servers - _covered)
	reason := sprintf("no sensor is known to be on %s", [server])
}

_servers contains sensor.server if {
	some sensor in data.evidence.defender_identity.sensors
	sensor.role in data.parameters.roles
}

_covered contains sensor.server if {
	some sensor in data.evidence.defender_identity.sensors
	sensor.server in _servers
	sensor.sensorInstalled == true
}
