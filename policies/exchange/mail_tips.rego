package policies.exchange.mail_tips

# People are warned before mail goes to outsiders or to many at once.
default compliant := false

compliant if {
	_shown
	_of_outsiders
	_of_groups
	_of_audiences
}

# Which tips are not known to be given.
reasons contains "mail tips are not known to be on" if not _shown

reasons contains "no tip is known to warn of recipients outside the organization" if not _of_outsiders

reasons contains "tips are not known to count the members of groups" if not _of_groups

reasons contains sprintf("no tip is known to warn of audiences of %v recipients", [data.parameters.largest_audience]) if not _of_audiences

_shown if data.evidence.exchange.organization_config.mailTipsAllTipsEnabled == true

_of_outsiders if data.evidence.exchange.organization_config.mailTipsExternalRecipientsTipsEnabled == true

_of_groups if data.evidence.exchange.organization_config.mailTipsGroupMetricsEnabled == true

_of_audiences if {
	threshold := data.evidence.exchange.organization_config.mailTipsLargeAudienceThreshold
	is_number(threshold)
	threshold >= 0 # a number below is no threshold
	threshold <= data.parameters.largest_audience
}
