control "SelfServicePasswordReset" {
  title       = "Ensure 'Self service password reset enabled' is set to 'All'"
  category    = "identity"
  product     = "entra_id"
  points      = 1
  tier        = "defense_in_depth"
  difficulty  = "moderate"
  user_impact = "moderate"
  threats     = ["password_cracking", "account_breach"]

  description = <<-EOT
    Counts enabled users, guests included, as Microsoft's results do; guests reset their password at home, and the parameter count_guests
    leaves them out. A user complies when self-service password reset is enabled for the user. In a hybrid tenant that is of use only if passwords are written back to Active Directory, at
    which Secure Score does not look, and neither does the rule.
  EOT

  coverage "entra.users" {
    when_empty = "full"
    join "registration" { dataset = "entra.user_registration" }
  }

  parameter "count_guests" {
    type        = bool
    default     = true
    description = "Whether guests count."
  }

  prerequisite { license = "entra_id_p1" }

  user_impact_text = "People register a way to prove who they are, and no longer call the help desk for a new password."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/PasswordResetMenuBlade/~/Properties"
    steps = [
      "Choose which methods prove an identity, and how many of them a reset takes.",
      "If accounts are synchronized, turn on password writeback first.",
      "Set self-service password reset to All.",
      "Require registration at sign-in, and have resets notified.",
    ]
    learn_more = { "How self-service password reset works" = "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-sspr-howitworks" }
  }
  frameworks  = { nist_csf = ["PR.AA-01"] }
  source      = "Secure Score control profile SelfServicePasswordReset (facts and status text of public exports); Microsoft Graph resource userRegistrationDetails"
  differences = ["That guests count follows one published result of two members and two guests. See count_guests."]
}
