defaults {
  use     = "connected_app"
  product = "citrix_sharefile"
  match   = { app = "Citrix ShareFile" }
  threats = ["account_breach", "data_exfiltration", "password_cracking"]

  implementation {
    steps = [
      "As an administrator of Citrix ShareFile, open Settings, Admin Settings, Security: Login & Security Policy or Password Requirements.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                   = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Security settings of ShareFile" = "https://docs.citrix.com/en-us/sharefile/configure/admin-settings/security.html"
    }
  }
}

control "MDA_CitrixSF_EnableTwoFactorAuth" {
  title       = "Enable multi-factor authentication (MFA)"
  description = "Two-step verification is on."
  points      = 7
  parameters  = { enabled = ["multiFactorRequired"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}

control "MDA_CitrixSF_ForceSSO" {
  title       = "Enable Single Sign on (SSO)"
  description = "People sign in through an identity provider, by SAML."
  points      = 7
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { enabled = ["singleSignOnEnabled"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_CitrixSF_InactiveTimeoutMins" {
  title       = "Enable session timeout for web users"
  description = "Idle people are signed out after an hour or sooner. The profile says \"at least 1 hour\"; the stricter reading is taken, and an hour meets both."
  points      = 6
  confidence  = "low"
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { at_most = { idleTimeoutMinutes = 60 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_CitrixSF_LoginFailLockoutSecs" {
  title       = "Enhance 'login maximum attempts' - Lockout timer"
  description = "A locked account stays so for 300 seconds or longer."
  points      = 6
  confidence  = "low"
  parameters  = { at_least = { lockoutSeconds = 300 } }
  frameworks  = { mitre_attack = ["T1110.001"], nist_csf = ["PR.AA-03"] }
}

control "MDA_CitrixSF_LoginFailMaxAttempts" {
  title       = "Enhance 'login maximum attempts' - Number of attempts"
  description = "Five failed sign-ins, or fewer, lock an account. The profile says \"at least five\"; the stricter reading is taken, and five meets both."
  points      = 6
  confidence  = "low"
  parameters  = { at_most = { lockoutAttempts = 5 } }
  frameworks  = { mitre_attack = ["T1110.001"], nist_csf = ["PR.AA-03"] }
}

control "MDA_CitrixSF_MinimumLength" {
  title       = "Enable password minimum length"
  description = "A password has eight characters or more."
  points      = 4
  parameters  = { at_least = { passwordMinimumLength = 8 } }
  frameworks  = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_CitrixSF_MinimumNumeric" {
  title       = "Enable password minimum numeric characters"
  description = "A password has a digit or more."
  points      = 4
  parameters  = { at_least = { passwordMinimumDigits = 1 } }
  frameworks  = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_CitrixSF_MinimumSpecialCharacters" {
  title       = "Enable password minimum special characters"
  description = "A password has a special character or more."
  points      = 4
  parameters  = { at_least = { passwordMinimumSymbols = 1 } }
  frameworks  = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_CitrixSF_PasswordMaxAgeDays" {
  title       = "Enable password expiration policies"
  description = "A password runs out after 90 days or sooner."
  points      = 4
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { at_most = { passwordExpiryDays = 90 } }
  frameworks  = { nist_csf = ["PR.AA-01"] }
}
