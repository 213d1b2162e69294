package policies.teams.anonymous_join_test

import data.policies.teams.anonymous_join

_cases := [
	{
		"note": "off for the organization",
		"evidence": {"meeting_configuration": {"disableAnonymousJoin": true}, "meeting_policies": [{"identity": "Global", "allowAnonymousUsersToJoinMeeting": true}]},
		"compliant": true,
	},
	{
		"note": "ruled out by each policy",
		"evidence": {"meeting_configuration": {"disableAnonymousJoin": false}, "meeting_policies": [{"identity": "Global", "allowAnonymousUsersToJoinMeeting": false}, {"identity": "Tag:Sales", "allowAnonymousUsersToJoinMeeting": false}]},
		"compliant": true,
	},
	{
		"note": "open in one policy",
		"evidence": {"meeting_configuration": {"disableAnonymousJoin": false}, "meeting_policies": [{"identity": "Global", "allowAnonymousUsersToJoinMeeting": false}, {"identity": "Tag:Sales", "allowAnonymousUsersToJoinMeeting": true}]},
		"compliant": false,
	},
	{
		"note": "open in a policy left out",
		"evidence": {"meeting_configuration": {"disableAnonymousJoin": false}, "meeting_policies": [{"identity": "Global", "allowAnonymousUsersToJoinMeeting": false}, {"identity": "Tag:AllOn", "allowAnonymousUsersToJoinMeeting": true}]},
		"compliant": true,
	},
	{
		"note": "open everywhere",
		"evidence": {"meeting_configuration": {"disableAnonymousJoin": null}, "meeting_policies": [{"identity": "Global", "allowAnonymousUsersToJoinMeeting": true}]},
		"compliant": false,
	},
	{
		"note": "missing setting and field",
		"evidence": {"meeting_configuration": {}, "meeting_policies": [{"identity": "Global"}]},
		"compliant": false,
	},
	{
		"note": "no global policy",
		"evidence": {"meeting_configuration": {}, "meeting_policies": [{"identity": "Tag:Sales", "allowAnonymousUsersToJoinMeeting": false}]},
		"compliant": false,
	},
	{"note": "no policy", "evidence": {"meeting_configuration": {}, "meeting_policies": []}, "compliant": false},
]

_parameters := {"left_out": ["Tag:AllOn"]}

test_cases if {
	every case in _cases {
		case.compliant == anonymous_join.compliant with data.evidence.teams as case.evidence
			with data.parameters as _parameters
	}
}

test_reasons_are_given_when_it_is_not_met if {
	every case in _cases {
		reasons := anonymous_join.reasons with data.evidence.teams as case.evidence
			with data.parameters as _parameters
		unexplained := count(reasons) == 0
		case.compliant == unexplained
	}
}

test_no_evidence_is_not_met if {
	not anonymous_join.compliant with data.evidence as {}
		with data.parameters as _parameters
}
