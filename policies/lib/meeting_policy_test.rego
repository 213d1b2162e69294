package policies.lib.meeting_policy_test

import data.policies.lib.meeting_policy

_global := {"identity": "Global"}

_sales := {"identity": "Tag:Sales"}

_odd := {"description": "without an identity"}

test_every_policy_counts if meeting_policy.judged([_global, _sales, _odd], []) == {_global, _sales, _odd}

test_named_policies_are_left_out if meeting_policy.judged([_global, _sales, _odd], ["Tag:Sales"]) == {_global, _odd}

test_the_global_policy_is_never_left_out if meeting_policy.judged([_global], ["Global"]) == {_global}

test_has_global if {
	meeting_policy.has_global([_sales, _global])
	not meeting_policy.has_global([_sales, _odd])
	not meeting_policy.has_global([])
}
