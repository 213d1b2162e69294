control "aad_password_protection" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title    = "Ensure password protection is enabled for on-prem Active Directory"
  category = "identity"
  product  = "entra_id"
  points   = 6
  tier     = "core"
  threats  = ["data_exfiltration", "password_cracking", "account_breach"]

  description = <<-EOT
    Complete when password protection is enabled for Active Directory and enforces instead of auditing. Microsoft's results count tenants
    without synchronization from Active Directory as well, which have nothing to protect there; the parameter count_cloud_only_tenants leaves
    them out.
  EOT

  setting {}
  context = ["entra.directory_settings", "entra.organization"]

  parameter "count_cloud_only_tenants" {
    type        = bool
    default     = true
    description = "Whether the control applies to tenants that are not synchronized from Active Directory."
  }

  prerequisite { license = "entra_id_p1" }

  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/PasswordProtectionBlade"
    steps = [
      "Install the proxy service on member servers, and the agent on every domain controller.",
      "Enable password protection for Windows Server Active Directory in audit mode, and read which passwords it would have refused.",
      "Switch the mode to Enforced.",
    ]
    learn_more = { "On-premises password protection" = "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-password-ban-bad-on-premises" }
  }
  frameworks  = { mitre_attack = ["T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
  source      = "Secure Score control profile aad_password_protection (facts and remediation of public exports); Microsoft Graph resources groupSetting, template Password Rule Settings, and organization"
  differences = ["Microsoft counts it in tenants of the cloud alone, too (0 of 6 in one), and so does the default here. See count_cloud_only_tenants."]
}
