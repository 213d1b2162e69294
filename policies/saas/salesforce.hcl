defaults {
  use     = "connected_app"
  product = "salesforce"
  match   = { app = "Salesforce" }
  points  = 3
  threats = ["account_breach", "data_deletion", "data_exfiltration", "malicious_insider"]

  implementation {
    steps = [
      "As an administrator of Salesforce, open the page of Setup that holds the setting: Session Settings, Password Policies, Identity Verification or Login Access Policies.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                          = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Security settings in the Metadata API" = "https://developer.salesforce.com/docs/atlas.en-us.api_meta.meta/api_meta/meta_securitysettings.htm"
    }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules of low confidence as the remediation in the former says @1cd2a632; names and words of the settings as in the SecuritySettings of the Salesforce Metadata API"
}

control "MDA_SF_enableAdminLoginAsAnyUser" {
  title       = "Disable Administrators Can Log In As Any User"
  description = "Administrators can sign in as another user only where that user lets them."
  threats     = ["account_breach", "data_deletion", "data_exfiltration", "elevation_of_privilege", "malicious_insider"]
  parameters  = { disabled = ["enableAdminLoginAsAnyUser"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_SF_enableCacheAndAutocomplete" {
  title       = "Disable Caching and Autocomplete on Login Page via Session settings"
  description = "The sign-in page neither keeps nor completes user names."
  points      = 4
  threats     = []
  parameters  = { disabled = ["enableCacheAndAutocomplete"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableClickjackNonsetupSFDC" {
  title       = "Enable clickjack protection for non-Setup for Salesforce pages"
  description = "Pages of Salesforce outside Setup can't be framed by other sites."
  confidence  = "low"
  threats     = []
  parameters  = { enabled = ["enableClickjackNonsetupSFDC"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableClickjackNonsetupUser" {
  title       = "Enable clickjack protection for customer VisualForce pages with standard headers"
  description = "Visualforce pages of your own that show the standard header can't be framed by other sites."
  confidence  = "low"
  threats     = []
  parameters  = { enabled = ["enableClickjackNonsetupUser"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableClickjackNonsetupUserHeaderless" {
  title       = "Enable clickjack protection for customer VisualForce pages with headers disabled"
  description = "Visualforce pages of your own without a header can't be framed by other sites."
  confidence  = "low"
  threats     = []
  parameters  = { enabled = ["enableClickjackNonsetupUserHeaderless"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableClickjackSetup" {
  title       = "Enable clickjack protection for Setup pages"
  description = "Setup pages can't be framed by other sites."
  confidence  = "low"
  threats     = []
  parameters  = { enabled = ["enableClickjackSetup"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableContentSniffingProtection" {
  title       = "Enable Content Sniffing protection"
  description = "Browsers take content for what it is declared to be, and do not guess."
  threats     = []
  parameters  = { enabled = ["enableContentSniffingProtection"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableCSPOnEmail" {
  title       = "Enable Content Security Policy protection for email templates"
  description = "Email templates fall under the stricter content security policy."
  threats     = []
  parameters  = { enabled = ["enableCSPOnEmail"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableCSRFOnGet" {
  title       = "Enable CSRF protection on GET requests on non-setup pages"
  description = "GET requests outside Setup carry a token that other sites can't forge."
  threats     = []
  parameters  = { enabled = ["enableCSRFOnGet"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableCSRFOnPost" {
  title       = "Enable CSRF protection on POST requests on non-setup pages"
  description = "POST requests outside Setup carry a token that other sites can't forge."
  threats     = []
  parameters  = { enabled = ["enableCSRFOnPost"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_enableMultipleSamlConfigs" {
  title       = "Require identity verification during multi-factor authentication (MFA) registration"
  description = "People prove who they are before they register a second factor. The id of the control names another setting; its title and remediation name this one."
  points      = 7
  confidence  = "low"
  threats     = ["account_breach", "password_cracking"]
  parameters  = { enabled = ["identityConfirmationOnTwoFactorRegistrationEnabled"] }
}

control "MDA_SF_enableSMSIdentity" {
  title       = "Let users verify their identity by text (SMS)"
  description = "People may prove who they are by a text message when they sign in from somewhere new."
  points      = 7
  confidence  = "low"
  parameters  = { enabled = ["enableSMSIdentity"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_SF_enforceIpRangesEveryRequest" {
  title       = "Enforce login IP ranges on every request"
  description = "The address is checked at every request: a session ends outside the allowed ranges."
  points      = 5
  threats     = []
  parameters  = { enabled = ["enforceIpRangesEveryRequest"] }
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "MDA_SF_forceLogoutOnSessionTimeout" {
  title       = "Force logout on session timeout"
  description = "When a session ends, the page returns to the sign-in."
  points      = 7
  parameters  = { enabled = ["forceLogoutOnSessionTimeout"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_forceRelogin" {
  title       = "Force (admin) relogin after Login-As-User"
  description = "An administrator who was signed in as somebody else signs in again afterwards."
  confidence  = "low"
  parameters  = { enabled = ["forceRelogin"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_SF_identityConfirmationOnEmailChange" {
  title       = "Require identity verification for change of email address"
  description = "People prove who they are before their address changes."
  points      = 5
  parameters  = { enabled = ["identityConfirmationOnEmailChange"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}

control "MDA_SF_lockSessionsToDomain" {
  title       = "Lock sessions to the domain in which they were first used"
  description = "A session counts only in the domain in which it began."
  points      = 7
  parameters  = { enabled = ["lockSessionsToDomain"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_maxLoginAttempts" {
  title       = "Maximum invalid login attempts"
  description = "Three failed sign-ins lock an account."
  points      = 5
  parameters  = { one_of = { maxLoginAttempts = ["ThreeAttempts"] } }
  frameworks  = { mitre_attack = ["T1110.001"], nist_csf = ["PR.AA-03"] }
}

control "MDA_SF_minimumPasswordLifetime" {
  title       = "Require a minimum 1 day password lifetime"
  description = "A password is kept for a day at least, so that nobody runs through the history to get the old one back."
  points      = 5
  threats     = []
  parameters  = { enabled = ["minimumPasswordLifetime"] }
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "MDA_SF_password_complexity" {
  title       = "Password complexity requirement"
  description = "A password mixes letters, digits and special characters. The choice \"any three of four\" does not count, since it can do without special characters."
  points      = 4
  parameters  = { one_of = { complexity = ["SpecialCharacters", "UpperLowerCaseNumericSpecialCharacters"] } }
  frameworks  = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_SF_password_expiration" {
  title       = "User passwords expire in 90 days or less"
  description = "A password runs out after 90 days or sooner."
  points      = 5
  parameters  = { one_of = { expiration = ["ThirtyDays", "SixtyDays", "NinetyDays"] } }
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "MDA_SF_password_historyRestriction" {
  title       = "Enforce password history"
  description = "The last three passwords can't be used again."
  points      = 4
  parameters  = { at_least = { historyRestriction = 3 } }
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "MDA_SF_password_lockoutInterval" {
  title       = "Lockout effective period"
  description = "A locked account stays so for 30 minutes or longer."
  points      = 7
  parameters  = { one_of = { lockoutInterval = ["ThirtyMinutes", "SixtyMinutes", "Forever"] } }
  frameworks  = { mitre_attack = ["T1110.001"], nist_csf = ["PR.AA-03"] }
}

control "MDA_SF_password_minimumPasswordLength" {
  title       = "Minimum password length"
  description = "A password has eight characters or more."
  points      = 4
  parameters  = { at_least = { minimumPasswordLength = 8 } }
  frameworks  = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_SF_password_obscureSecretAnswer" {
  title       = "Obscure secret answer for password resets"
  description = "The answer to the security question is hidden as it is typed."
  parameters  = { enabled = ["obscureSecretAnswer"] }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_password_questionRestriction" {
  title       = "Password question requirement"
  description = "The security question can't contain the password."
  parameters  = { one_of = { questionRestriction = ["DoesNotContainPassword"] } }
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "MDA_SF_password_sessionTimeout" {
  title       = "Session timeout"
  description = "A session ends after two hours or sooner."
  points      = 7
  parameters  = { one_of = { sessionTimeout = ["FifteenMinutes", "ThirtyMinutes", "SixtyMinutes", "TwoHours"] } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_SF_requireHttpOnly" {
  title       = "Require HttpOnly attribute"
  description = "Scripts can't read session cookies."
  threats     = []
  parameters  = { enabled = ["requireHttpOnly"] }
  frameworks  = { mitre_attack = ["T1539"], nist_csf = ["PR.PS-01"] }
}
