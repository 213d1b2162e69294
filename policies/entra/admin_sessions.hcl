control "aad_sign_in_freq_session_timeout" {
  requires_source = "entra.conditional_access_policies"

  title    = "Ensure Sign-in frequency is enabled and browser sessions are not persistent for Administrative users"
  category = "identity"
  product  = "entra_id"
  points   = 5
  tier     = "core"
  threats  = ["account_breach", "data_exfiltration"]

  description = <<-EOT
    Complete when enabled Conditional Access policies together include all users or the 15 administrative roles that Secure Score names,
    cover all cloud apps at every sign-in, require multifactor authentication, ask for it again after at most max_hours hours, and never
    keep a browser signed in. Microsoft allows 24 hours where roles are activated through Privileged Identity Management: set max_hours to
    24 there. Only accounts, groups and roles named in the parameter emergency_access may be excluded, and roles other than the 15, such as
    Directory Synchronization Accounts. A policy in report-only mode counts for nothing, and so does one that leaves out platforms,
    locations, devices or levels of risk.
  EOT

  setting {}
  context = ["entra.conditional_access_policies"]

  parameter "max_hours" {
    type        = number
    default     = 4
    description = "After how many hours, at the latest, administrators have to sign in again."
  }
  parameter "emergency_access" {
    type        = list(string)
    format      = "id"
    default     = []
    exceptions  = true
    description = "Object ids of the emergency accounts, or of groups of them, and ids of roles, that policies may exclude."
  }

  prerequisite { license = "entra_id_p1" }

  user_impact_text = "Administrators sign in again several times a day, and whenever they have closed the browser."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies"
    steps = [
      "Create a Conditional Access policy for the administrative roles and all cloud apps, and require multifactor authentication.",
      "Under Session, set the sign-in frequency to 4 hours, or to 24 if roles are activated through Privileged Identity Management.",
      "Set persistent browser sessions to never.",
      "Try it in report-only mode, then turn it on.",
    ]
    learn_more = { "Session lifetime" = "https://learn.microsoft.com/en-us/entra/identity/conditional-access/concept-session-lifetime" }
  }
  frameworks  = { mitre_attack = ["T1550.004"], nist_csf = ["PR.AA-03"] }
  source      = "Secure Score control profile aad_sign_in_freq_session_timeout (facts and remediation of public exports); Microsoft Graph resources conditionalAccessSessionControls and conditionalAccessPolicy"
  differences = ["Microsoft's text lists the administrators whom no policy reaches, so it may judge accounts; here one policy has to be for all of the roles."]
}
