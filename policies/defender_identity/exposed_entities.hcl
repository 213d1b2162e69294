# Posture assessments of Defender for Identity: one rule, which differs in the assessment.

defaults {
  category   = "identity"
  product    = "defender_identity"
  points     = 5
  tier       = "core"
  difficulty = "low"
  threats    = []

  setting {}
  context = ["defender_identity.assessments"]

  parameter "assessment" {
    type        = string
    description = "The assessment that has to name no exposed entity."
  }

  prerequisite {
    service_plans = ["ATA", "Azure_Advanced_Threat_Protection"]
  }
}

control "AATP_DormantAccounts" {
  title       = "Remove dormant accounts from sensitive groups"
  user_impact = "low"
  description = <<-EOT
    Complete when the assessment names no account of a sensitive group that went unused for 180 days. Points for a part of the accounts are
    not documented, so none are given. An assessment that the evidence does not hold proves nothing.
  EOT
  parameters  = { assessment = "AATP_DormantAccounts" }

  implementation {
    manage_url = "https://security.microsoft.com/securescore?viewid=actions"
    steps = [
      "Open the assessment and export the dormant accounts.",
      "Ask the owner of each account whether it is still needed.",
      "Take it out of the sensitive group, or disable it.",
    ]
    learn_more = {
      "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts"
    }
  }
  frameworks = { mitre_attack = ["T1078.002"] }
  source     = "Secure Score control profile AATP_DormantAccounts (facts and remediation of public exports); Microsoft Learn, security posture assessments of Defender for Identity: accounts"
}

control "AATP_InactiveServiceAccounts" {
  title       = "Remove stale service accounts"
  user_impact = "low"
  description = <<-EOT
    Complete when the assessment names no service account that has not signed in for 90 days. Points for a part of the accounts are not
    documented, so none are given. An assessment that the evidence does not hold proves nothing.
  EOT
  parameters  = { assessment = "AATP_InactiveServiceAccounts" }

  implementation {
    manage_url = "https://security.microsoft.com/securescore?viewid=actions"
    steps = [
      "Open the assessment and export the stale service accounts.",
      "Find out which service each of them belonged to.",
      "Disable it, wait, and delete it when nothing breaks.",
    ]
    learn_more = {
      "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts"
    }
  }
  frameworks = { mitre_attack = ["T1078.002"] }
  source     = "Secure Score control profile AATP_InactiveServiceAccounts (facts and remediation of public exports); Microsoft Learn, security posture assessments of Defender for Identity: accounts"
}

control "AATP_NonAdminDCSyncAccounts" {
  title       = "Remove non-admin accounts with DCSync permissions"
  user_impact = "high"
  description = <<-EOT
    Complete when the assessment names no account that may replicate the whole directory, password hashes included, without being an
    administrator. Points for a part of the accounts are not documented, so none are given. An assessment that the evidence does not
    hold proves nothing.
  EOT
  parameters  = { assessment = "AATP_NonAdminDCSyncAccounts" }

  user_impact_text = "A service that replicates the directory stops when its account loses the permission."
  implementation {
    manage_url = "https://security.microsoft.com/securescore?viewid=actions"
    steps = [
      "Open the assessment and export the accounts.",
      "Find out which of them belong to a service that has to replicate the directory, such as Entra Connect.",
      "From the others, take the permissions Replicating Directory Changes and Replicating Directory Changes All on the domain.",
    ]
    learn_more = {
      "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts"
    }
  }
  frameworks = { mitre_attack = ["T1003.006"] }
  source     = "Secure Score control profile AATP_NonAdminDCSyncAccounts (facts and remediation of public exports); Microsoft Learn, security posture assessments of Defender for Identity: accounts"
}
