package policies.people.display_names

default in_scope := true

default compliant := false

# As in "Adams, Ada (Sales)", without blanks around it.
compliant if {
	trim_space(input.displayName) == input.displayName
	contains(input.displayName, ", ")
	endswith(input.displayName, sprintf("(%s)", [input.department]))
}
