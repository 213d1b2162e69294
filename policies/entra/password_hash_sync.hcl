control "PasswordHashSync" {
  title       = "Ensure that password hash sync is enabled for hybrid deployments"
  category    = "identity"
  product     = "entra_id"
  points      = 5
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = ["password_cracking", "account_breach"]

  description = <<-EOT
    Complete when password hash synchronization is on. It lets Microsoft find leaked credentials, and lets people sign in when Active
    Directory can't be reached. A tenant without synchronization from Active Directory is left out.
  EOT

  setting {}
  context = ["entra.on_premises_sync", "entra.organization"]

  implementation {
    steps = [
      "Check that the rules of your organization allow hashes of password hashes to be kept in the cloud.",
      "In Microsoft Entra Connect, turn on password hash synchronization as an optional feature, also beside federation or pass-through authentication.",
      "See that the synchronization of the domains completes.",
    ]
    learn_more = { "Password hash synchronization" = "https://learn.microsoft.com/en-us/entra/identity/hybrid/connect/whatis-phs" }
  }
  frameworks = { nist_csf = ["PR.AA-01"] }
  source     = "Secure Score control profile PasswordHashSync (facts and remediation of public exports); Microsoft Graph resources organization and onPremisesDirectorySynchronizationFeature"
}
