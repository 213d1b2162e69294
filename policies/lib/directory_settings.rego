# Directory settings as Microsoft Graph exports them (resource groupSetting): lists of names and values under the id of the template
# that they were made from. All values are strings, and booleans appear as "True" as well as "true".
package policies.lib.directory_settings

# Template of the settings for password protection and smart lockout, "Password Rule Settings".
password_rules := "5cf42378-d67d-4f36-ba46-e8b86229381d"

# Template of the settings for consent to apps, "Consent Policy Settings".
consent := "dffd5d46-495d-40a9-8e21-954ff55e198a"

# The setting has the value, in whichever case. A setting that is absent, or that has two values, has none.
equals(settings, template, name, value) if {
	{lower(found) | some found in _values(settings, template, name)} == {lower(value)}
}

# The entries of a setting that holds a list separated by tabs, blank ones left out.
entries(settings, template, name) := {trimmed |
	some value in _values(settings, template, name)
	some entry in split(value, "\t")
	trimmed := trim_space(entry)
	trimmed != ""
}

_values(settings, template, name) := {entry.value |
	some setting in settings
	setting.templateId == template
	some entry in setting.values
	entry.name == name
	is_string(entry.value)
}
