defaults {
  use        = "connected_app"
  product    = "netdocuments"
  confidence = "low"
  match      = { app = "NetDocuments" }

  implementation {
    steps = [
      "As an administrator of NetDocuments, open the Security Center of the repository, Advanced Authentication.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"       = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Federated identity" = "https://support.netdocuments.com/s/article/205220410"
    }
  }
}

control "MDA_NetDocuments_SSO" {
  title       = "Adopt SSO (Single sign on) in netDocuments"
  description = "80 percent of the users or more sign in through an identity provider."
  points      = 7
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { at_least = { singleSignOnUsersPercent = 80 } }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}
