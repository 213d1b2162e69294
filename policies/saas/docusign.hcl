defaults {
  use     = "connected_app"
  product = "docusign"
  match   = { app = "DocuSign" }
  threats = ["account_breach", "data_exfiltration"]

  implementation {
    steps = [
      "As an administrator of DocuSign, open the security settings of the account.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"     = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "DocuSign support" = "https://support.docusign.com/"
    }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules as the remediation in the former says @1cd2a632; names of settings are this catalog's own"
}

control "MDA_DocuSign_EnhancedPassword" {
  title       = "Enhance password requirements"
  description = "A password has nine characters or more, of all four kinds, and is kept for eight days or longer before it can be changed."
  points      = 4
  parameters = {
    enabled  = ["passwordRequiresUppercase", "passwordRequiresLowercase", "passwordRequiresDigit", "passwordRequiresSymbol"]
    at_least = { passwordMinimumLength = 9, passwordMinimumAgeDays = 8 }
  }
  frameworks = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_DocuSign_PasswordExpires" {
  title       = "Password expiry requirements"
  description = "A password runs out after 180 days or sooner."
  points      = 4
  parameters  = { at_most = { passwordExpiryDays = 180 } }
  frameworks  = { nist_csf = ["PR.AA-01"] }
}

control "MDA_DocuSign_SessionTimeout" {
  title       = "Enable session timeout for web users"
  description = "Sessions in the browser and of the mobile app end after 120 minutes or sooner, and certificates are checked while they last."
  points      = 6
  parameters  = { disabled = ["suppressInSessionCertificateEnforcement"], at_most = { webSessionMinutes = 120, mobileSessionMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.AA-03", "PR.PS-01"] }
}
