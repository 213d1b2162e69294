# Okta, as an app that Defender for Cloud Apps is connected to. Each control asks something of the settings of every connected
# instance; a tenant without one is not asked. A new control is a new block: its parameters name the settings, as the evidence does.
defaults {
  category   = "apps"
  product    = "okta"
  tier       = "core"
  confidence = "medium"

  coverage "saas.apps" {
    when_empty = "not_applicable"
    credit     = "all_or_nothing"
    match      = { app = "Okta" }
  }

  parameter "enabled" {
    type        = list(string)
    default     = []
    description = "Settings that have to be on."
  }

  parameter "disabled" {
    type        = list(string)
    default     = []
    description = "Settings that have to be off."
  }

  parameter "at_least" {
    type        = map(number)
    default     = {}
    description = "The least that a setting may be."
  }

  parameter "at_most" {
    type        = map(number)
    default     = {}
    description = "The most that a setting may be. Zero is no limit, and so too much."
  }

  prerequisite {
    license = "defender_cloud_apps"
  }

  implementation {
    manage_url = "https://security.microsoft.com/cloudapps/app-connectors"
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

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules of low confidence as the remediation in the former says @1cd2a632; names of settings are this catalog's own"
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
  parameters = {
    disabled = ["persistentCookies"]
    at_most  = { sessionLifetimeMinutes = 43200, idleTimeoutMinutes = 120 }
  }
  frameworks = { nist_csf = ["PR.AA-03", "PR.PS-01"] }
}
