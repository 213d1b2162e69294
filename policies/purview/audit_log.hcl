control "mip_search_auditlog" {
  title       = "Ensure Microsoft 365 audit log search is Enabled"
  description = "What people and administrators do in Microsoft 365 is recorded and can be searched when something has happened. The setting is read from Exchange Online: Purview's own PowerShell shows it as off, whatever it is."
  category    = "apps"
  product     = "purview"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]

  rule = "switch"
  setting {}

  context "document" { dataset = "exchange.admin_audit_log_config" }
  constants = { field = "unifiedAuditLogIngestionEnabled", wanted = true, reason = "the unified audit log is not on" }

  prerequisite { license = "information_protection" }

  implementation {
    manage_url = "https://purview.microsoft.com/audit"
    steps      = ["Open Audit in the Microsoft Purview portal.", "Start recording user and admin activity; it can take an hour to begin."]
    learn_more = { "Turn auditing on" = "https://learn.microsoft.com/purview/audit-log-enable-disable" }
  }

  frameworks = { mitre_attack = ["T1685.002"], nist_csf = ["PR.PS-04"], scuba = ["MS.DEFENDER.6.1v1", "MS.SECURITYSUITE.5.1v1"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
