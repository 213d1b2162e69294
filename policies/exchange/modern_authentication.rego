package policies.exchange.modern_authentication

# Outlook may sign in with modern authentication, which multifactor authentication needs.
default compliant := false

compliant if data.evidence.exchange.organization_config.oAuth2ClientProfileEnabled == true

# The switch that is not known to be on.
reasons contains "modern authentication is not on for Exchange Online" if not compliant
