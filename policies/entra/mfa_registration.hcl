control "MFARegistrationV2" {
  title       = "Ensure multifactor authentication is enabled for all users"
  category    = "identity"
  product     = "entra_id"
  points      = 9
  tier        = "core"
  difficulty  = "high"
  user_impact = "high"
  confidence  = "medium"
  threats     = ["password_cracking", "account_breach"]

  description = <<-EOT
    Counts enabled users, guests included, as Microsoft's results do; set the parameter count_guests to false to leave guests out. A user
    complies when a method for multifactor authentication is
    registered. While security defaults are on all comply, registered or not: Microsoft's documentation of Secure Score promises full
    points then. A published tenant with security defaults on was scored by registration all the same (25 of 52 users earned 4.33 of 9
    points); set the parameter security_defaults_award_full_points to false to count so.
  EOT

  coverage "entra.users" {
    when_empty = "full"
    join "registration" { dataset = "entra.user_registration" }
  }
  context = ["entra.security_defaults"]

  parameter "security_defaults_award_full_points" {
    type        = bool
    default     = true
    description = "Whether every user complies while security defaults are on, registered or not."
  }
  parameter "count_guests" {
    type        = bool
    default     = true
    description = "Whether guests count."
  }

  user_impact_text = "Everybody registers a second factor, and is asked for it now and then."
  implementation {
    steps = [
      "Decide which methods are allowed, and prefer passkeys and the Authenticator app to text messages.",
      "Tell people what to expect, then start a registration campaign or require registration at the next sign-in.",
      "Turn on security defaults, or write a Conditional Access policy that requires multifactor authentication of all users.",
      "Follow the registration report until nobody is left, and help those who can't use the usual methods.",
    ]
    learn_more = {
      "Plan a deployment" = "https://learn.microsoft.com/en-us/entra/identity/authentication/howto-mfa-getstarted"
      "Security defaults" = "https://learn.microsoft.com/en-us/entra/fundamentals/security-defaults"
    }
  }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
  source      = "Secure Score control profile MFARegistrationV2 (facts and status text of public exports); Microsoft Graph resources userRegistrationDetails and identitySecurityDefaultsEnforcementPolicy"
  differences = ["A published tenant with security defaults on got points by registration (25 of 52 users: 4.33 of 9), others all of them, as here. See security_defaults_award_full_points."]
}
