defaults {
  use     = "connected_app"
  product = "okta"
  match   = { app = "Okta" }

  implementation {
    steps = [
      "As an administrator of Okta, open Security in the Admin Console: the policies for passwords, for sign-on and for enrolling factors.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                   = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Policies in the management API" = "https://developer.okta.com/docs/reference/api/policy/"
    }
  }
}

control "MDA_Okta_EnhancedPassword" {
  title       = "Enhance password requirements"
  description = "A password has eight characters or more, of all four kinds, and no part of the user's names."
  points      = 4
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters = {
    enabled  = ["passwordRequiresLowercase", "passwordRequiresUppercase", "passwordRequiresDigit", "passwordRequiresSymbol", "passwordExcludesUsername", "passwordExcludesFirstName", "passwordExcludesLastName"]
    at_least = { passwordMinimumLength = 8 }
  }
  frameworks = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_Okta_MFA" {
  title       = "Enable multi-factor authentication"
  description = "The default policies for enrolling factors make one required, and not optional."
  points      = 7
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { enabled = ["multiFactorRequired"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}

control "MDA_Okta_PasswordExpires" {
  title       = "Password expiry requirements"
  description = "Three former passwords are remembered, a password is kept for a day, runs out after 180 with five days of warning, and five failed sign-ins lock the account for 15 minutes. The profile says \"minimum of 180 days\"; the stricter reading is taken, and 180 days meet both."
  points      = 4
  confidence  = "low"
  threats     = ["account_breach", "data_exfiltration"]
  parameters = {
    at_least = { passwordHistoryCount = 3, passwordMinimumAgeDays = 1, passwordExpiryWarningDays = 5, lockoutMinutes = 15 }
    at_most  = { passwordExpiryDays = 180, lockoutAttempts = 5 }
  }
  frameworks = { mitre_attack = ["T1110.001"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_Okta_SessionTimeout" {
  title       = "Enable session timeout for web users"
  description = "A session ends after 30 days or sooner, after 120 idle minutes or sooner, and with the browser."
  points      = 6
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { disabled = ["persistentCookies"], at_most = { sessionLifetimeMinutes = 43200, idleTimeoutMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.AA-03", "PR.PS-01"] }
}
