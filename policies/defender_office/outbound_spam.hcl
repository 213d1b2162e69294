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

  context = ["defender_office.outbound_spam_policies", "defender_office.outbound_spam_rules", "exchange.groups"]

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

  parameter "at_most" {
    type        = map(number)
    default     = {}
    description = "The most that a number of the policy may be."
  }

  parameter "filled" {
    type        = list(string)
    default     = []
    description = "Lists of the policy that must have entries."
  }

  parameter "service_limit_counts" {
    type        = bool
    default     = true
    description = "Whether a recipient limit of 0, which leaves it at the limit of the service, is low enough."
  }

  prerequisite {
    license = "exchange"
  }

  implementation {
    manage_url = "https://security.microsoft.com/antispam"
    steps = [
      "Open the outbound anti-spam policies in the Microsoft Defender portal.",
      "Find the policies that the reasons of the assessment name: each reason names a policy and the field that falls short.",
      "Correct that setting in each of them, the default policy included.",
    ]
    learn_more = {
      "How the policy in force is found" = "https://learn.microsoft.com/defender-office-365/how-policies-and-protections-are-combined"
      "Recommended settings"             = "https://learn.microsoft.com/defender-office-365/recommended-settings-for-eop-and-office365"
    }
  }

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151; settings of policies from Microsoft Learn, Recommended email and collaboration threat policy settings, and their order from Order and precedence of email protection"
}

control "mdo_recipientexternallimitperhour" {
  title       = "Set maximum number of external recipients that a user can email per hour"
  description = "People can't write to more than 500 recipients outside the organization in an hour. The limit of the service (0) counts as low enough, unless service_limit_counts is false."
  points      = 1
  confidence  = "medium"
  parameters = {
    at_most = { recipientLimitExternalPerHour = 500 }
  }
}

control "mdo_recipientinternallimitperhour" {
  title       = "Set maximum number of internal recipients that a user can send to within an hour"
  description = "People can't write to more than 1,000 recipients of the organization in an hour. The limit of the service (0) counts as low enough, unless service_limit_counts is false."
  points      = 1
  confidence  = "medium"
  parameters = {
    at_most = { recipientLimitInternalPerHour = 1000 }
  }
}

control "mdo_recipientlimitperday" {
  title       = "Set a daily message limit"
  description = "People can't write to more than 1,000 recipients in a day. The limit of the service (0) counts as low enough, unless service_limit_counts is false."
  points      = 1
  confidence  = "medium"
  parameters = {
    at_most = { recipientLimitPerDay = 1000 }
  }
}

control "mdo_thresholdreachedaction" {
  title       = "Block users who reached the message limit"
  description = "Whoever reaches a limit is blocked until an administrator has had a look, and not just until tomorrow."
  points      = 1
  parameters = {
    one_of = { actionWhenThresholdReached = ["BlockUser"] }
  }
}

control "mdo_autoforwardingmode" {
  title       = "Set automatic email forwarding rules to be system controlled"
  description = "Automatic forwarding to the outside is left to the service, which forbids it, or is off."
  points      = 1
  parameters = {
    one_of = { autoForwardingMode = ["Automatic", "Off"] }
  }
  frameworks = { mitre_attack = ["T1048", "T1114.003", "T1567"], nist_csf = ["PR.DS-02"], scuba_related = ["MS.EXO.1.1v2"] }
}

control "mdo_blockmailforward" {
  title       = "Ensure all forms of mail forwarding are blocked and/or disabled"
  description = "Automatic forwarding to the outside is off. Mail flow rules that forward are a matter of review, which earns no points."
  points      = 5
  difficulty  = "unknown"
  threats     = ["data_exfiltration", "account_breach"]
  parameters = {
    one_of = { autoForwardingMode = ["Off"] }
  }
  frameworks = { mitre_attack = ["T1048", "T1114.003", "T1567"], nist_csf = ["PR.DS-02"] }
}

control "mdo_spam_notifications_only_for_admins" {
  title       = "Ensure Exchange Online Spam Policies are set to notify administrators"
  description = "Someone gets a copy of suspicious mail that leaves the organization, and someone is told when a sender is blocked."
  points      = 3
  difficulty  = "unknown"
  threats     = ["data_exfiltration", "password_cracking", "account_breach"]
  parameters = {
    enabled = ["bccSuspiciousOutboundMail", "notifyOutboundSpam"]
    filled  = ["bccSuspiciousOutboundAdditionalRecipients", "notifyOutboundSpamRecipients"]
  }
  frameworks = { nist_csf = ["DE.AE-06"] }
}
