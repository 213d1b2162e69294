defaults {
  use     = "connected_app"
  product = "zoom"
  match   = { app = "Zoom" }
  threats = ["account_breach", "data_exfiltration"]

  implementation {
    steps = [
      "As an administrator of Zoom, open the web portal: Account Management, Account Settings, or Advanced, Security.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps" = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Zoom support" = "https://support.zoom.us/"
    }
  }
}

control "MDA_Zoom_BlockDomains" {
  title       = "Block users in specific domains from joining meetings and webinars"
  description = "People of domains that are listed can't join meetings and webinars, and nobody can turn that off."
  points      = 3
  confidence  = "low"
  parameters  = { enabled = ["domainsBlocked", "domainsBlockedLocked"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_Zoom_MeetingE2eEncryption" {
  title       = "Enforce end to end encryption in all Zoom meetings"
  description = "Meetings may be encrypted from end to end, and nobody can turn that off."
  points      = 3
  confidence  = "low"
  parameters  = { enabled = ["endToEndEncryption", "endToEndEncryptionLocked"] }
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "MDA_Zoom_MFA" {
  title       = "Enable multi-factor authentication"
  description = "All users sign in with a second factor."
  points      = 7
  parameters  = { enabled = ["multiFactorRequired"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}

control "MDA_Zoom_PasswordReq" {
  title       = "Enhance password requirements"
  description = "A password has ten characters or more, one of them special, and is not known to be weak."
  points      = 4
  parameters  = { enabled = ["passwordRequiresSymbol", "passwordWeakDetection"], at_least = { passwordMinimumLength = 10 } }
  frameworks  = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_Zoom_SessionTimeoutClient" {
  title       = "Enable session timeout for client users"
  description = "The desktop client signs out after 120 idle minutes or sooner."
  points      = 6
  parameters  = { at_most = { clientIdleTimeoutMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_Zoom_SessionTimeoutWeb" {
  title       = "Enable session timeout for web users"
  description = "The web portal signs out after 120 idle minutes or sooner."
  points      = 6
  parameters  = { at_most = { idleTimeoutMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}
