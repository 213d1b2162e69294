package policies.exchange.spam_filter_bypass

import data.policies.lib.moment

# No mail flow rule that acts lets mail of whole domains past the spam filter.
default compliant := false

compliant if {
	every rule in data.evidence.exchange.transport_rules { _harmless(rule) }
}

# The rules that do, or for which the evidence doesn't rule it out.
reasons contains sprintf("rule %q lets mail from listed domains past the spam filter", [object.get(rule, "name", "")]) if {
	some rule in data.evidence.exchange.transport_rules
	not _harmless(rule)
}

# A rule touches no message if it is off, in a test mode, expired, or not active yet.
_harmless(rule) if rule.state == "Disabled"

_harmless(rule) if rule.mode in {"Audit", "AuditAndNotify"}

_harmless(rule) if moment.passed(rule.expiryDate)

_harmless(rule) if moment.ahead(rule.activationDate)

# A rule that names no sending domain is not looked at here, whatever else it does.
_harmless(rule) if rule.senderDomainIs == []

# A spam confidence level of -1 skips the filter. Null leaves the level to the filter.
_harmless(rule) if _filtered(rule.setSCL)

_filtered(null)

_filtered(level) if {
	is_number(level)
	level >= 0
}
