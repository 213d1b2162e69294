package policies.purview.audit_log

# What people and administrators do is recorded and can be searched.
default compliant := false

compliant if data.evidence.exchange.admin_audit_log_config.unifiedAuditLogIngestionEnabled == true

# The switch that is not known to be on.
reasons contains "the unified audit log is not on" if not compliant
