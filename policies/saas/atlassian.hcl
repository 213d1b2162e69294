defaults {
  use        = "connected_app"
  product    = "atlassian"
  confidence = "low"
  match      = { app = "Atlassian" }
  threats    = ["account_breach", "data_exfiltration"]

  implementation {
    steps = [
      "As an administrator of Atlassian, open Atlassian Administration, Security: Authentication policies, Identity providers or Mobile app policy.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                 = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Security and access policies" = "https://support.atlassian.com/security-and-access-policies/"
    }
  }
}

control "MDA_Atlassian_EnableTwoFactorAuth" {
  title       = "Enable multi-factor authentication (MFA)"
  description = "Two-step verification is mandatory in every authentication policy."
  points      = 7
  confidence  = "medium"
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { enabled = ["multiFactorRequired"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}

control "MDA_Atlassian_ForceSSO" {
  title       = "Enable Single Sing On (SSO)"
  description = "People sign in through an identity provider, by SAML."
  points      = 7
  parameters  = { enabled = ["singleSignOnEnabled"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_Atlassian_InactiveTimeoutMins" {
  title       = "Enable session timeout for web users"
  description = "A session ends after two idle hours or sooner."
  points      = 6
  parameters  = { at_most = { idleTimeoutMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_Atlassian_mobile_access" {
  title       = "Atlassian mobile app security - App access requirement"
  description = "The mobile app runs on sound, encrypted devices that ask for biometrics or a passcode."
  points      = 6
  parameters  = { enabled = ["mobileBlocksCompromisedDevices", "mobileRequiresEncryption", "mobileRequiresPasscode"] }
  frameworks  = { nist_csf = ["PR.DS-01", "PR.PS-01"] }
}

control "MDA_Atlassian_mobile_dataprotection" {
  title       = "Atlassian mobile app security - App data protection"
  description = "Content of the mobile app can't be shared, saved, photographed or copied."
  points      = 6
  parameters  = { enabled = ["mobileBlocksSharing", "mobileBlocksScreenshots", "mobileBlocksCopying"] }
  frameworks  = { nist_csf = ["PR.DS-01", "PR.DS-10"] }
}

control "MDA_Atlassian_mobile_UsersAffected" {
  title       = "Atlassian mobile app security - Users that are affected by policies"
  description = "The policy for the mobile app applies to everybody with access."
  points      = 3
  parameters  = { enabled = ["mobilePolicyForAllUsers"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_Atlassian_passwordExpiry" {
  title       = "Enable Password expiration policies"
  description = "A password runs out after 30 days or sooner, by every authentication policy."
  points      = 6
  confidence  = "medium"
  parameters  = { at_most = { passwordExpiryDays = 30 } }
  frameworks  = { nist_csf = ["PR.AA-01"] }
}
