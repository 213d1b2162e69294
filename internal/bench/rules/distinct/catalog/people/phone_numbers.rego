package policies.people.phone_numbers

default in_scope := true

default compliant := false

# As E.164 writes them, once the blanks are out.
compliant if regex.match(`^\+[1-9][0-9]{7,14}$`, replace(input.mobilePhone, " ", ""))
