package policies.defender_endpoint.device_settings

# A device counts unless the setting is known not to apply to it.
default in_scope := true

in_scope := false if input.isApplicable == false

# A device complies when the setting applies to it and was found as it should be.
default compliant := false

compliant if {
	input.isApplicable == true
	input.isCompliant == true
}

# Whether the setting is wrong, or not known.
reasons contains "the setting was found not to be as it should" if input.isCompliant == false

reasons contains "the assessment doesn't say whether the setting is as it should be" if not _judged

reasons contains "the assessment doesn't say whether the setting applies" if not _scoped

_judged if is_boolean(input.isCompliant)

_scoped if is_boolean(input.isApplicable)
