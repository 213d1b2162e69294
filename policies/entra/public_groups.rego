package policies.entra.public_groups

default in_scope := true

# Only what is known to be another kind of group than a Microsoft 365 group is left out.
in_scope := false if {
	is_array(input.groupTypes)
	not "unified" in {_folded(kind) | some kind in input.groupTypes}
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

# What is no text may stand for anything.
_folded(kind) := lower(kind) if is_string(kind)

else := "unified"
