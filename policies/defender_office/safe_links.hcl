# Each control here is measured over people's mailboxes, and asks something of the one policy that is in force for a mailbox. A new
# control is a new block: its parameters say what it asks for, by the names of the policy's fields.
# Whoever is excepted from Built-in protection, and under no other policy, is protected by none.
defaults {
  category    = "apps"
  product     = "defender_office_365"
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []

  coverage "exchange.mailboxes" {
    when_empty = "full"
    join "groups" {
      dataset   = "exchange.group_members"
      on        = "member"
      many      = true
      unmatched = "ignore"
    }
  }

  context = ["defender_office.atp_preset_rules", "defender_office.built_in_rules", "defender_office.safe_links_policies", "defender_office.safe_links_rules", "exchange.groups"]

  parameter "enabled" {
    type        = list(string)
    default     = []
    description = "Fields of the policy that have to be true."
  }

  parameter "disabled" {
    type        = list(string)
    default     = []
    description = "Fields of the policy that have to be false."
  }

  prerequisite {
    license = "defender_office"
  }

  implementation {
    manage_url = "https://security.microsoft.com/safelinksv2"
    steps = [
      "Open the Safe Links policies in the Microsoft Defender portal.",
      "Find the policies that the reasons of the assessment name: each reason names a policy and the field that falls short.",
      "Correct that setting in each of them, or put the people concerned under the Standard or Strict preset security policy.",
    ]
    learn_more = {
      "How the policy in force is found" = "https://learn.microsoft.com/defender-office-365/how-policies-and-protections-are-combined"
      "Recommended settings"             = "https://learn.microsoft.com/defender-office-365/recommended-settings-for-eop-and-office365"
    }
  }

  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151; settings of policies from Microsoft Learn, Recommended email and collaboration threat policy settings, and their order from Order and precedence of email protection"
}

control "mdo_safelinksforemail" {
  title       = "Create Safe Links policies for email messages"
  description = "Links in mail are checked when they are clicked. Built-in protection does so, and earns full points in Secure Score, though it leaves out mail between colleagues, which Microsoft's text asks for: add enableForInternalSenders to enabled to have that count too."
  points      = 9
  confidence  = "medium"
  parameters = {
    enabled = ["enableSafeLinksForEmail"]
  }
  frameworks = { mitre_attack = ["T1566.002"], scuba = ["MS.SECURITYSUITE.7.1v1"] }
}

control "mdo_safelinksforOfficeApps" {
  title       = "Ensure Safe Links for Office Applications is Enabled"
  description = "Links are checked in mail, Teams and Office apps alike, also between colleagues; clicks are recorded and no warning can be clicked away. Built-in protection alone is not enough."
  points      = 3
  difficulty  = "unknown"
  user_impact = "unknown"
  threats     = ["data_exfiltration", "account_breach", "password_cracking"]
  parameters = {
    enabled  = ["enableSafeLinksForEmail", "enableSafeLinksForTeams", "enableSafeLinksForOffice", "trackClicks", "scanUrls", "enableForInternalSenders", "deliverMessageAfterScan"]
    disabled = ["allowClickThrough", "disableUrlRewrite"]
  }
  frameworks = {
    mitre_attack  = ["T1566.002"]
    scuba_related = ["MS.SECURITYSUITE.7.1v1", "MS.SECURITYSUITE.7.2v1", "MS.SECURITYSUITE.7.3v1"]
  }
}
