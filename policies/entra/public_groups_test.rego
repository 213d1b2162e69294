package policies.entra.public_groups_test

import data.policies.entra.public_groups

_group(changes) := object.union({"id": "g1", "groupTypes": ["Unified"], "visibility": "Private"}, changes)

_none := {"approved_groups": []}

test_private if {
	every visibility in ["Private", "HiddenMembership"] {
		group := _group({"visibility": visibility})
		public_groups.compliant with input as group with data.parameters as _none
		public_groups.in_scope with input as group
		public_groups.reasons == set() with input as group with data.parameters as _none
	}
}

test_public if {
	group := _group({"visibility": "Public", "groupTypes": ["DynamicMembership", "Unified"]})
	public_groups.in_scope with input as group
	not public_groups.compliant with input as group with data.parameters as _none
	public_groups.reasons == {"the group is public"} with input as group with data.parameters as _none
}

test_public_and_approved if {
	group := _group({"visibility": "Public"})
	approved := {"approved_groups": ["g0", "g1"]}
	public_groups.compliant with input as group with data.parameters as approved
	public_groups.reasons == set() with input as group with data.parameters as approved
}

test_visibility_missing_or_odd if {
	every group in [object.remove(_group({}), {"visibility"}), _group({"visibility": null}), _group({"visibility": "private"})] {
		not public_groups.compliant with input as group with data.parameters as _none
		public_groups.reasons == {"the group is not known to be private"} with input as group with data.parameters as _none
	}
}

test_out_of_scope if {
	every types in [[], ["DynamicMembership"]] {
		group := _group({"groupTypes": types})
		public_groups.in_scope == false with input as group
	}
}

test_in_scope_on_doubt if {
	public_groups.in_scope with input as object.remove(_group({}), {"groupTypes"})
	public_groups.in_scope with input as _group({"groupTypes": null})
}

test_a_kind_that_is_no_text_is_in_scope if {
	every kinds in [["Unified"], [7], ["DynamicMembership", 7]] {
		public_groups.in_scope with input as _group({"groupTypes": kinds})
	}
	not public_groups.in_scope with input as _group({"groupTypes": ["DynamicMembership"]})
}
