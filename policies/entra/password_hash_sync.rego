package policies.entra.password_hash_sync

default applicable := true

# Graph says false for a tenant that stopped synchronizing, and null for one that never did.
applicable := false if data.evidence.entra.organization.onPremisesSyncEnabled in {false, null}

not_applicable contains "the tenant does not synchronize with Active Directory" if not applicable

default compliant := false

# The feature is on.
compliant if data.evidence.entra.on_premises_sync.features.passwordSyncEnabled == true

reasons contains "password hash synchronization is not known to be on" if not compliant
