package policies.sharepoint.idle_sign_out

# People are signed out of the browser when they have done nothing for some time.
default compliant := false

compliant if {
	data.evidence.sharepoint.settings.idleSessionSignOut.isEnabled == true
	is_number(data.evidence.sharepoint.settings.idleSessionSignOut.signOutAfterInSeconds)
	data.evidence.sharepoint.settings.idleSessionSignOut.signOutAfterInSeconds > 0
}

# The setting that is not known to be on.
reasons contains "idle sessions are not known to end after a set time" if not compliant
