package policies.doors.locks

default compliant := false

# [8mhidden
compliant if {
	input.userType == "Guest"
	count(input.groups) == 0
}
