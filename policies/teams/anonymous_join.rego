package policies.teams.anonymous_join

import data.policies.lib.meeting_policy

# Anonymous people can't join meetings: the organization rules it out, or else every meeting policy that counts does.
default compliant := false

compliant if data.evidence.teams.meeting_configuration.disableAnonymousJoin == true

compliant if {
	meeting_policy.has_global(_judged)
	every policy in _judged { policy.allowAnonymousUsersToJoinMeeting == false }
}

# The setting, and the policies that don't make up for it.
reasons contains "anonymous join is not off for the organization" if not compliant

reasons contains sprintf("policy %q doesn't rule out anonymous join", [policy.identity]) if {
	not compliant
	some policy in _judged
	not policy.allowAnonymousUsersToJoinMeeting == false
}

_judged := meeting_policy.judged(data.evidence.teams.meeting_policies, data.parameters.left_out)
