package policies.defender_identity.sensors

default applicable := true

# There is no server of this kind.
applicable := false if count(_servers) == 0

not_applicable contains "there is no server of this kind" if not applicable

default fraction := 0

# The share of the servers that are known to carry a sensor.
fraction := count(_covered) / count(_servers) if count(_servers) > 0

reasons contains reason if {
	reason := sprintf("servers with a sensor: %d of %d", [count(_covered), count(_servers)])
}

reasons contains reason if {
	some server in (_servers - _covered)
	reason := sprintf("no sensor is known to be on %s", [_label(server)])
}

reasons contains reason if {
	some sensor in data.evidence.defender_identity.sensors
	_unknown(sensor)
	reason := sprintf("the role of %s is not known: %q", [_label(_identity(sensor)), _text(object.get(sensor, "role", ""))])
}

# Servers of different domains may have the same short name; names and domains are known in any case.
_servers contains _identity(sensor) if {
	some sensor in data.evidence.defender_identity.sensors
	_role(sensor) in _roles
}

# A server of a role that nobody knows may be of any kind.
_servers contains _identity(sensor) if {
	some sensor in data.evidence.defender_identity.sensors
	_unknown(sensor)
}

# A server with several roles may stand in several records: each has to know of the sensor, and of a role.
_covered := _servers - _uncovered

_uncovered contains _identity(sensor) if {
	some sensor in data.evidence.defender_identity.sensors
	not sensor.sensorInstalled == true
}

_uncovered contains _identity(sensor) if {
	some sensor in data.evidence.defender_identity.sensors
	_unknown(sensor)
}

_unknown(sensor) if not _role(sensor) in (_roles | {"domaincontroller", "adcs", "adfs", "entraconnect"})

# The roles that the control is about.
_roles := {_plain(role) | some role in data.parameters.roles}

_role(sensor) := _plain(object.get(sensor, "role", ""))

# The evidence is written by hand, and spells roles in many ways: "Domain Controller", "domain-controller", "AD CS".
_plain(role) := regex.replace(lower(_text(role)), `[\s_-]`, "")

_identity(sensor) := {
	"server": object.get(sensor, "server", ""),
	"domain": _text(object.get(sensor, "domain", "")),
}

_text(value) := value if is_string(value)

else := ""

_label(identity) := identity.server if {
	others := {other.domain | some other in _servers; other.server == identity.server}
	count(others) == 1
} else := concat(" of domain ", [identity.server, identity.domain])
