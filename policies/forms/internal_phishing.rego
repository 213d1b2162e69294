package policies.forms.internal_phishing

# Forms made inside the organization are looked through for questions that phish.
default compliant := false

compliant if data.evidence.forms.settings.isInOrgFormsPhishingScanEnabled == true

# The switch that is not known to be on.
reasons contains "forms of the organization are not scanned for phishing" if not compliant
