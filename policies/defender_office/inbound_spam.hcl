# Each control here is measured over people's mailboxes, and asks something of the one policy that is in force for a mailbox. A new
# control is a new block: its parameters say what it asks for, by the names of the policy's fields.
defaults {
  category   = "apps"
  product    = "defender_office_365"
  tier       = "core"
  difficulty = "moderate"
  threats    = []

  coverage "exchange.mailboxes" {
    when_empty = "full"
    join "groups" {
      dataset   = "exchange.group_members"
      on        = "member"
      many      = true
      unmatched = "ignore"
    }
  }

  context = ["defender_office.eop_preset_rules", "defender_office.spam_policies", "defender_office.spam_rules", "exchange.groups"]

  parameter "enabled" {
    type        = list(string)
    default     = []
    description = "Fields of the policy that have to be true."
  }

  parameter "one_of" {
    type        = map(list(string))
    default     = {}
    description = "Values that a field of the policy may have."
  }

  parameter "at_least" {
    type        = map(number)
    default     = {}
    description = "The least that a number of the policy may be."
  }

  parameter "at_most" {
    type        = map(number)
    default     = {}
    description = "The most that a number of the policy may be."
  }

  parameter "empty" {
    type        = list(string)
    default     = []
    description = "Lists of the policy that must have no entries."
  }

  prerequisite {
    license = "exchange"
  }

  implementation {
    manage_url = "https://security.microsoft.com/antispam"
    steps = [
      "Open the anti-spam policies in the Microsoft Defender portal.",
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

control "mdo_spamaction" {
  title       = "Set action to take on spam detection"
  description = "Spam goes to the junk folder or to quarantine."
  points      = 5
  parameters = {
    one_of = { spamAction = ["MoveToJmf", "Quarantine"] }
  }
  frameworks = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_highconfidencespamaction" {
  title       = "Set action to take on high confidence spam detection"
  description = "Mail that is spam with high confidence is put in quarantine."
  points      = 5
  parameters = {
    one_of = { highConfidenceSpamAction = ["Quarantine"] }
  }
  frameworks = { mitre_attack = ["T1566"], scuba_related = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_phisspamacation" {
  title       = "Set action to take on phishing detection"
  description = "Phishing mail is put in quarantine."
  points      = 5
  parameters = {
    one_of = { phishSpamAction = ["Quarantine"] }
  }
  frameworks = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_highconfidencephishaction" {
  title       = "Set action to take on high confidence phishing detection"
  description = "Mail that is phishing with high confidence is put in quarantine."
  points      = 5
  parameters = {
    one_of = { highConfidencePhishAction = ["Quarantine"] }
  }
  frameworks = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_bulkspamaction" {
  title       = "Set action to take on bulk spam detection"
  description = "Bulk mail above the threshold goes to the junk folder. Quarantine, as in the Strict preset, is stricter and counts too."
  points      = 3
  parameters = {
    one_of = { bulkSpamAction = ["MoveToJmf", "Quarantine"] }
  }
}

control "mdo_bulkthreshold" {
  title       = "Set the email bulk complaint level (BCL) threshold to be 6 or lower"
  description = "Bulk mail is treated as spam, from a complaint level of 6 or lower."
  points      = 1
  parameters = {
    one_of  = { markAsSpamBulkMail = ["On"] }
    at_most = { bulkThreshold = 6 }
  }
}

control "mdo_quarantineretentionperiod" {
  title       = "Retain spam in quarantine for 30 days"
  description = "Mail stays in quarantine for 30 days, the longest possible, before it is lost."
  points      = 1
  parameters = {
    at_least = { quarantineRetentionPeriod = 30 }
    at_most  = { quarantineRetentionPeriod = 30 }
  }
  frameworks = { nist_csf = ["PR.PS-01"] }
}

control "mdo_allowedsenderscombined" {
  title       = "Ensure that no sender domains are allowed for anti-spam policies"
  description = "No sender and no sending domain is exempt from the spam filter: both can be forged."
  points      = 2
  parameters = {
    empty = ["allowedSenders", "allowedSenderDomains"]
  }
  frameworks = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.2v1"] }
}

control "mdo_zapphish" {
  title       = "Create zero-hour auto purge policies for phishing messages"
  description = "Phishing mail that is recognized after delivery is taken out of mailboxes again."
  points      = 3
  user_impact = "high"
  parameters = {
    enabled = ["phishZapEnabled"]
  }
  frameworks = { mitre_attack = ["T1566"] }
}

control "mdo_zapspam" {
  title       = "Create zero-hour auto purge policies for spam messages"
  description = "Spam that is recognized after delivery is taken out of mailboxes again."
  points      = 1
  user_impact = "high"
  parameters = {
    enabled = ["spamZapEnabled"]
  }
}
