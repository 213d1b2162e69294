package policies.entra.app_registration

default compliant := false

# Ordinary users are not allowed to register apps.
compliant if data.evidence.entra.authorization_policy.defaultUserRolePermissions.allowedToCreateApps == false

reasons contains "users are not known to be kept from registering apps" if not compliant
