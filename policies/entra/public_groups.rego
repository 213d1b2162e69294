package policies.entra.public_groups

default in_scope := true

# Only what is known to be another kind of group than a Microsoft 365 group is left out.
in_scope := false if {
	is_array(input.groupTypes)
	every kind in input.groupTypes {
		is_string(kind) # what is no text may stand for anything
		kind != "Unified"
	}
}

default compliant := false

# The group is known not to be public.
compliant if input.visibility in {"Private", "HiddenMembership"}

# The organization approved of it.
compliant if input.id in data.parameters.approved_groups

reasons contains "the group is public" if {
	not compliant
	input.visibility == "Public"
}

reasons contains "the group is not known to be private" if {
	not compliant
	not input.visibility == "Public"
}
