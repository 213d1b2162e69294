defaults {
  use        = "connected_app"
  product    = "zendesk"
  confidence = "low"
  match      = { app = "Zendesk" }
  threats    = ["account_breach", "data_exfiltration"]

  implementation {
    steps = [
      "As an administrator of Zendesk, open Admin Center, Account, Security: Advanced, Team member authentication or More settings.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                      = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Security settings in Admin Center" = "https://support.zendesk.com/hc/en-us/articles/4408846853274"
    }
  }
}

control "MDA_Zendesk_AdminPassChange" {
  title       = "Block admins to set passwords"
  description = "Administrators can't set the passwords of others."
  points      = 3
  parameters  = { disabled = ["adminsSetPasswords"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_Zendesk_BlockAccountAssumption" {
  title       = "Block account assumption"
  description = "Nobody at Zendesk can get into the account as one of its users."
  points      = 4
  parameters  = { disabled = ["accountAssumption"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_Zendesk_bypassIPrestrictions" {
  title       = "Block customers to bypass IP restrictions"
  description = "Access is limited to ranges of addresses, for customers too."
  points      = 3
  parameters  = { enabled = ["ipRestrictions"], disabled = ["customersBypassIpRestrictions"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.IR-01"] }
}

control "MDA_Zendesk_EmailNotificationsforPassChange" {
  title       = "Send a notification on password change for admins, agents, and end users"
  description = "Whoever's password changes gets mail about it."
  points      = 3
  parameters  = { enabled = ["passwordChangeNotifications"] }
}

control "MDA_Zendesk_enableapp" {
  title       = "Admins and agents can use the Zendesk Support mobile app"
  description = "Administrators and agents can use the mobile app. This is what the profile asks for; whether it suits the organization is another question."
  points      = 3
  parameters  = { enabled = ["mobileAppAllowed"] }
}

control "MDA_Zendesk_IPrestrictions" {
  title       = "Enable IP restrictions"
  description = "Access is limited to ranges of addresses."
  points      = 3
  parameters  = { enabled = ["ipRestrictions"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.IR-01"] }
}

control "MDA_Zendesk_MFA" {
  title       = "Enable and adopt two-factor authentication (2FA)"
  description = "Everybody signs in with a second factor."
  points      = 7
  confidence  = "medium"
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { enabled = ["multiFactorRequired"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}

control "MDA_Zendesk_sessionexpiry" {
  title       = "Enable session timeout for users"
  description = "Sessions of team members and of end users end after two idle hours or sooner."
  points      = 6
  confidence  = "medium"
  parameters  = { at_most = { teamSessionMinutes = 120, endUserSessionMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_Zendesk_SSO" {
  title       = "Enable external Authentication (google or microsoft or SSO)"
  description = "Team members sign in through Google, Microsoft or another identity provider."
  points      = 7
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { enabled = ["singleSignOnEnabled"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_Zendesk_ZanAuth" {
  title       = "Enable Zendesk authentication"
  description = "Team members may sign in to Zendesk itself, with passwords of the level high."
  points      = 7
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { enabled = ["appAuthentication"], one_of = { passwordSecurityLevel = ["high"] } }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}
