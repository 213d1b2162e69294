package policies.teams.meeting_policies_test

import data.policies.teams.meeting_policies

_members := {
	"meeting_anonymousstartmeeting_v1": {
		"parameters": {"setting": "allowAnonymousUsersToStartMeeting", "accepted": [false]},
		"good": [false],
		"bad": [true, null, "false"],
	},
	"meeting_autoadmitusers_v1": {
		"parameters": {"setting": "autoAdmittedUsers", "accepted": ["InvitedUsers", "OrganizerOnly"]},
		"good": ["InvitedUsers", "OrganizerOnly"],
		"bad": ["EveryoneInCompany", "invitedusers", null],
	},
	"meeting_designatedpresenter_v1": {
		"parameters": {"setting": "designatedPresenterRoleMode", "accepted": ["OrganizerOnlyUserOverride"]},
		"good": ["OrganizerOnlyUserOverride"],
		"bad": ["EveryoneUserOverride", null],
	},
	"meeting_externalrequestcontrol_v1": {
		"parameters": {"setting": "allowExternalParticipantGiveRequestControl", "accepted": [false]},
		"good": [false],
		"bad": [true, null],
	},
	"meeting_pstnusersbypasslobby_v1": {
		"parameters": {"setting": "allowPSTNUsersToBypassLobby", "accepted": [false]},
		"good": [false],
		"bad": [true, null],
	},
}

_left_out := ["Tag:AllOn"]

_compliant(policies, parameters) if {
	meeting_policies.compliant with data.evidence.teams.meeting_policies as policies
		with data.parameters as object.union(parameters, {"left_out": _left_out})
}

_reasons(policies, parameters) := reasons if {
	reasons := meeting_policies.reasons with data.evidence.teams.meeting_policies as policies
		with data.parameters as object.union(parameters, {"left_out": _left_out})
}

_policy(identity, member, value) := {"identity": identity, member.parameters.setting: value}

test_each_member_accepts_good_values if {
	every member in _members {
		every value in member.good {
			policies := [_policy("Global", member, value), _policy("Tag:Sales", member, value)]
			_compliant(policies, member.parameters)
			_reasons(policies, member.parameters) == set()
		}
	}
}

test_each_member_refuses_bad_values if {
	every member in _members {
		every value in member.bad {
			not _compliant([_policy("Global", member, value)], member.parameters)
		}
	}
}

test_one_custom_policy_is_enough_to_fail if {
	every member in _members {
		policies := [_policy("Global", member, member.good[0]), _policy("Tag:Sales", member, member.bad[0])]
		not _compliant(policies, member.parameters)
		_reasons(policies, member.parameters) == {sprintf(`policy "Tag:Sales" doesn't restrict %s`, [member.parameters.setting])}
	}
}

test_a_missing_field_fails if {
	every member in _members {
		policies := [_policy("Global", member, member.good[0]), {"identity": "Tag:Sales"}]
		not _compliant(policies, member.parameters)
		count(_reasons(policies, member.parameters)) == 1
	}
}

test_policies_left_out_do_not_count if {
	every member in _members {
		_compliant([_policy("Global", member, member.good[0]), _policy("Tag:AllOn", member, member.bad[0])], member.parameters)
	}
}

test_the_global_policy_is_needed if {
	every member in _members {
		every policies in [[], [_policy("Tag:Sales", member, member.good[0])]] {
			not _compliant(policies, member.parameters)
			_reasons(policies, member.parameters) == {"the evidence doesn't have the global meeting policy"}
		}
	}
}

test_no_evidence_is_not_met if {
	not meeting_policies.compliant with data.evidence as {}
		with data.parameters as {"setting": "x", "accepted": [false], "left_out": []}
}
