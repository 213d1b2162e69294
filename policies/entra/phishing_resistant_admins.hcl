control "aad_phishing_MFA_strength" {
  requires_source = "entra.conditional_access_policies"

  title    = "Ensure 'Phishing-resistant MFA strength' is required for Administrators"
  category = "identity"
  product  = "entra_id"
  points   = 7
  tier     = "core"
  threats  = ["data_exfiltration", "password_cracking", "account_breach"]

  description = <<-EOT
    Complete when enabled Conditional Access policies together include all users or the 15 administrative roles that Secure Score names,
    cover all cloud apps at every sign-in, and accept nothing but the built-in phishing-resistant strength or a custom one that allows
    phishing-resistant methods alone. Only accounts, groups and roles named in the parameter emergency_access may be excluded, and roles
    other than the 15, such as Directory Synchronization Accounts. A policy in report-only mode counts for nothing, and so does one that
    leaves out platforms, locations, devices or levels of risk.
  EOT

  setting {}
  context = ["entra.authentication_strengths", "entra.conditional_access_policies"]

  parameter "emergency_access" {
    type        = list(string)
    format      = "id"
    default     = []
    exceptions  = true
    description = "Object ids of the emergency accounts, or of groups of them, and ids of roles, that policies may exclude."
  }

  prerequisite { license = "entra_id_p1" }

  user_impact_text = "Administrators sign in with a passkey, Windows Hello for Business or a certificate."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies"
    steps = [
      "Have every administrator register a passkey, Windows Hello for Business or a certificate.",
      "Create a Conditional Access policy for the administrative roles and all cloud apps, and require the strength Phishing-resistant MFA.",
      "Exclude emergency accounts alone, and name them in the parameter emergency_access.",
      "Try it in report-only mode, then turn it on.",
    ]
    learn_more = { "Authentication strengths" = "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-authentication-strengths" }
  }
  frameworks = { mitre_attack = ["T1078.004", "T1566.002", "T1621"], nist_csf = ["PR.AA-03"], scuba = ["MS.AAD.3.6v1"] }
  source     = "Secure Score control profile aad_phishing_MFA_strength (facts and remediation of public exports); Microsoft Graph resources conditionalAccessPolicy and authenticationStrengthPolicy"
}
