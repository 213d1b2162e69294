# Moments that services write as text, compared with the time of the assessment. Everything here is a function of its argument and of
# that time. What is no moment from 1970 to 2199 is neither passed nor ahead.
package policies.lib.moment

# passed holds for a moment that lies in the past for sure.
passed(text) if _in_utc(text, _zone) <= time.now_ns()

# ahead holds for a moment that lies in the future for sure.
ahead(text) if _in_utc(text, 0 - _zone) > time.now_ns()

# In nanoseconds. Some cmdlets write a moment without a time zone; what they mean lies within that much of the same clock in UTC.
_zone := ((14 * 60) * 60) * 1000000000

_in_utc(text, _) := time.parse_rfc3339_ns(text) if {
	is_string(text)
	regex.match(_form, text)
	regex.match(`(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$`, text)
}

_in_utc(text, zone) := time.parse_rfc3339_ns(concat("", [text, "Z"])) + zone if {
	is_string(text)
	regex.match(_form, text)
	regex.match(`T[0-9:.]+$`, text)
}

_form := concat("", [
	`^((19[7-9][0-9]|2[01][0-9]{2})-`,
	`((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))`,
	`|(19|20)([02468][048]|[13579][26])-02-29)`,
	`T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?$`,
])
