package policies.mail.presets

compliant := false
