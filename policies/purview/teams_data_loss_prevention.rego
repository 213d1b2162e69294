package policies.purview.teams_data_loss_prevention

# Some policy against data loss is enforced in Teams.
default compliant := false

compliant if {
	some policy in _in_teams
	policy.enabled == true
	policy.mode == "Enable"
}

# Whether policies for Teams are missing, or not enforced.
reasons contains "no policy against data loss covers Teams" if count(_in_teams) == 0

reasons contains "no policy against data loss is enforced in Teams: each is off or only tested" if {
	count(_in_teams) > 0
	not compliant
}

_in_teams contains policy if {
	some policy in data.evidence.purview.dlp_policies
	is_array(policy.teamsLocation)
	count(policy.teamsLocation) > 0
}
