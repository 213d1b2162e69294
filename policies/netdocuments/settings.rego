package policies.netdocuments.settings

import data.policies.lib.app_settings

# An instance complies when its settings lack nothing that the control asks for.
default compliant := false

compliant if _shortfalls == set()

# What they lack.
reasons contains shortfall if some shortfall in _shortfalls

_shortfalls := app_settings.shortfalls({settings | settings := input.settings}, data.parameters)
