package policies.settings.switches

default compliant := false

# The setting is on, strict enough, and more than a trial.
compliant if {
	some setting in data.evidence.bench.settings
	setting.id == data.parameters.setting
	setting.enabled == true
	setting.level >= data.parameters.level
	setting.mode in {"audit", "enforce"}
}
