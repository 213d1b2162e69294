package policies.devices.company_compliant

default in_scope := true

in_scope := false if input.ownerType == "personal"

default compliant := false

# A period of grace is no compliance.
compliant if input.complianceState == "compliant"
