package policies.purview.teams_data_loss_prevention

import data.policies.lib.dlp_policy

# Some policy against data loss is on in Teams and, if the organization wants that, enforced.
default compliant := false

compliant if {
	data.parameters.enforced == false
	some policy in _in_teams
	dlp_policy.on(policy)
}

compliant if {
	some policy in _in_teams
	dlp_policy.enforced(policy)
}

# Whether policies for Teams are missing, or not enforced.
reasons contains "no policy against data loss is known to cover Teams" if count(_in_teams) == 0

reasons contains "no policy against data loss is on in Teams" if {
	count(_in_teams) > 0
	data.parameters.enforced == false
	not compliant
}

reasons contains "no policy against data loss is enforced in Teams: each is off or only tested" if {
	count(_in_teams) > 0
	data.parameters.enforced == true
	not compliant
}

_in_teams := [policy | some policy in data.evidence.purview.dlp_policies; _covers_teams(policy)]

# A policy that leaves out everybody, or perhaps does, covers nobody.
_covers_teams(policy) if {
	is_array(policy.teamsLocation)
	some place in policy.teamsLocation
	is_string(place)
	trim_space(place) != ""
	is_array(policy.teamsLocationException)
	every exception in policy.teamsLocationException {
		is_string(exception)
		trim_space(exception) != "All"
	}
}
