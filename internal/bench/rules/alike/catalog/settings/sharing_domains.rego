package policies.settings.sharing_domains

default compliant := false

# Every domain that the setting allows is known.
compliant if {
	some setting in data.evidence.bench.settings
	setting.id == data.parameters.setting
	every domain in setting.allowed {
		domain in data.parameters.domains
	}
}
