control "aad_limited_administrative_roles" {
  requires_source = "entra.conditional_access_policies"

  title    = "Ensure 'Microsoft Azure Management' is limited to administrative roles"
  category = "identity"
  product  = "entra_id"
  points   = 3
  tier     = "core"
  threats  = ["data_exfiltration", "account_breach"]

  description = <<-EOT
    Complete when enabled Conditional Access policies together block the Windows Azure Service Management API, or all cloud apps, for all
    users, and exclude nobody but administrative roles that Secure Score names, Global Administrator among them. Only the role Directory
    Synchronization Accounts, and accounts, groups and roles named in the parameter emergency_access, may be excluded besides. A policy in
    report-only mode counts for nothing, and so does one that leaves out platforms, locations, devices or levels of risk.
  EOT

  setting {}
  context = ["entra.conditional_access_policies"]

  parameter "emergency_access" {
    type        = list(string)
    format      = "id"
    default     = []
    exceptions  = true
    description = "Object ids of the emergency accounts, or of groups of them, and ids of roles, that policies may exclude."
  }

  user_impact_text = "Who manages Azure resources without an administrative role of the directory is locked out of the Azure portal, its command line and its API."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies"
    steps = [
      "Find out in the sign-in logs who uses the Azure portal, its command line or its API, and for what.",
      "Create a Conditional Access policy that blocks Windows Azure Service Management API for all users.",
      "Exclude the administrative roles that need it, Global Administrator in any case.",
      "Try it in report-only mode, then turn it on.",
    ]
  }
  frameworks = { mitre_attack = ["T1538"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile aad_limited_administrative_roles (facts and remediation of public exports); Microsoft Graph resource conditionalAccessPolicy"
}
