defaults {
  use      = "connected_app"
  product  = "google_workspace"
  category = "identity"
  match    = { app = "Google Workspace" }

  implementation {
    steps = [
      "As an administrator of Google Workspace, open 2-Step Verification in the Admin console, below Security.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                                   = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Protect your business with 2-Step Verification" = "https://support.google.com/a/answer/175197"
    }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; names of settings are this catalog's own"
}

control "MDA_Google_EnableTwoFactorAuth" {
  title       = "Enable multi-factor authentication (MFA)"
  description = "2-Step Verification is allowed and enforced in every organizational unit."
  points      = 7
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { enabled = ["multiFactorRequired"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}
