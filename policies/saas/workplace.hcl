defaults {
  use        = "connected_app"
  product    = "workplace"
  confidence = "low"
  match      = { app = "Workplace by Meta" }

  implementation {
    steps = [
      "As an administrator of Workplace by Meta, open Security, Authentication in the Admin Panel.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                 = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Single sign-on for Workplace" = "https://www.workplace.com/resources/tech/authentication/sso"
    }
  }
}

control "MDA_Workplace_SSO" {
  title       = "Adopt SSO (Single sign on) in Workplace by Meta"
  description = "More than 80 percent of the users sign in through an identity provider."
  points      = 7
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { at_least = { singleSignOnUsersPercent = 80.01 } }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}
