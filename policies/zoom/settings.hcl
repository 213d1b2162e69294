# Zoom, as an app that Defender for Cloud Apps is connected to. Each control asks something of the settings of every connected
# instance; a tenant without one is not asked. A new control is a new block: its parameters name the settings, as the evidence does.
defaults {
  category   = "apps"
  product    = "zoom"
  tier       = "core"
  confidence = "medium"

  coverage "saas.apps" {
    when_empty = "not_applicable"
    credit     = "all_or_nothing"
    match      = { app = "Zoom" }
  }

  parameter "enabled" {
    type        = list(string)
    default     = []
    description = "Settings that have to be on."
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
      "As an administrator of Zoom, open the web portal: Account Management, Account Settings, or Advanced, Security.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps" = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Zoom support" = "https://support.zoom.us/"
    }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules of low confidence as the remediation in the former says @1cd2a632; names of settings are this catalog's own"
}

control "MDA_Zoom_BlockDomains" {
  title       = "Block users in specific domains from joining meetings and webinars"
  description = "People of domains that are listed can't join meetings and webinars, and nobody can turn that off."
  points      = 3
  confidence  = "low"
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { enabled = ["domainsBlocked", "domainsBlockedLocked"] }
  frameworks  = { nist_csf = ["PR.AA-05"] }
}

control "MDA_Zoom_MeetingE2eEncryption" {
  title       = "Enforce end to end encryption in all Zoom meetings"
  description = "Meetings may be encrypted from end to end, and nobody can turn that off."
  points      = 3
  confidence  = "low"
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { enabled = ["endToEndEncryption", "endToEndEncryptionLocked"] }
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "MDA_Zoom_MFA" {
  title       = "Enable multi-factor authentication"
  description = "All users sign in with a second factor."
  points      = 7
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { enabled = ["multiFactorRequired"] }
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
}

control "MDA_Zoom_PasswordReq" {
  title       = "Enhance password requirements"
  description = "A password has ten characters or more, one of them special, and is not known to be weak."
  points      = 4
  threats     = ["account_breach", "data_exfiltration"]
  parameters = {
    enabled  = ["passwordRequiresSymbol", "passwordWeakDetection"]
    at_least = { passwordMinimumLength = 10 }
  }
  frameworks = { mitre_attack = ["T1110.001", "T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
}

control "MDA_Zoom_SessionTimeoutClient" {
  title       = "Enable session timeout for client users"
  description = "The desktop client signs out after 120 idle minutes or sooner."
  points      = 6
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { at_most = { clientIdleTimeoutMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "MDA_Zoom_SessionTimeoutWeb" {
  title       = "Enable session timeout for web users"
  description = "The web portal signs out after 120 idle minutes or sooner."
  points      = 6
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { at_most = { idleTimeoutMinutes = 120 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}
