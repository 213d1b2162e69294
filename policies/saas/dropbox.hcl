defaults {
  use     = "connected_app"
  product = "dropbox"
  match   = { app = "Dropbox" }

  implementation {
    steps = [
      "As an administrator of Dropbox, open the settings for web sessions in the Admin console.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"        = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Web session control" = "https://www.dropbox.com/help/business/web-session-control"
    }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; names of settings are this catalog's own"
}

control "MDA_Dropbox_InactiveTimeoutMins" {
  title       = "Enable web session timeout for web users"
  description = "A session in the browser has a fixed length of a week or less."
  points      = 6
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { at_most = { webSessionMinutes = 10080 } }
  frameworks  = { nist_csf = ["PR.AA-03", "PR.PS-01"] }
}
