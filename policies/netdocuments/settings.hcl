# NetDocuments, as an app that Defender for Cloud Apps is connected to. Each control asks something of the settings of every connected
# instance; a tenant without one is not asked. A new control is a new block: its parameters name the settings, as the evidence does.
defaults {
  category   = "apps"
  product    = "netdocuments"
  tier       = "core"
  confidence = "low"

  coverage "saas.apps" {
    when_empty = "not_applicable"
    credit     = "all_or_nothing"
    match      = { app = "NetDocuments" }
  }

  parameter "at_least" {
    type        = map(number)
    default     = {}
    description = "The least that a setting may be."
  }

  prerequisite {
    license = "defender_cloud_apps"
  }

  implementation {
    manage_url = "https://security.microsoft.com/cloudapps/app-connectors"
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

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules of low confidence as the remediation in the former says @1cd2a632; names of settings are this catalog's own"
}

control "MDA_NetDocuments_SSO" {
  title       = "Adopt SSO (Single sign on) in netDocuments"
  description = "80 percent of the users or more sign in through an identity provider."
  points      = 7
  threats     = ["account_breach", "data_exfiltration", "password_cracking"]
  parameters  = { at_least = { singleSignOnUsersPercent = 80 } }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}
