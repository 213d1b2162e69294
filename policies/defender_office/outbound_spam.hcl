# Rules name senders here, and presets have no outbound policy.
defaults {
  use = "mail_policy"

  context "policies" { dataset = "defender_office.outbound_spam_policies" }
  context "rules" { dataset = "defender_office.outbound_spam_rules" }

  constants = {
    direction = "outbound"
    names     = "hostedOutboundSpamFilterPolicy"
    fields = [
      "enabled", "recipientLimitExternalPerHour", "recipientLimitInternalPerHour", "recipientLimitPerDay", "actionWhenThresholdReached",
      "autoForwardingMode", "bccSuspiciousOutboundMail", "bccSuspiciousOutboundAdditionalRecipients", "notifyOutboundSpam",
      "notifyOutboundSpamRecipients",
    ]
  }

  prerequisite { license = "exchange" }

  implementation {
    manage_url = "https://security.microsoft.com/antispam"
    steps = [
      "Open the outbound anti-spam policies in the Microsoft Defender portal.",
      "Find the policies that the reasons of the assessment name: each reason names a policy and the field that falls short.",
      "Correct that setting in each of them, the default policy included.",
    ]
  }

  frameworks = { nist_csf = ["PR.PS-01"] }
}

control "mdo_recipientexternallimitperhour" {
  title       = "Set maximum number of external recipients that a user can email per hour"
  description = "People can't write to more than 500 recipients outside the organization in an hour. The limit of the service (0) counts as low enough, unless service_limit_counts is false."
  points      = 1
  confidence  = "medium"
  parameters  = { at_most = { recipientLimitExternalPerHour = 500 } }
}

control "mdo_recipientinternallimitperhour" {
  title       = "Set maximum number of internal recipients that a user can send to within an hour"
  description = "People can't write to more than 1,000 recipients of the organization in an hour. The limit of the service (0) counts as low enough, unless service_limit_counts is false."
  points      = 1
  confidence  = "medium"
  parameters  = { at_most = { recipientLimitInternalPerHour = 1000 } }
}

control "mdo_recipientlimitperday" {
  title       = "Set a daily message limit"
  description = "People can't write to more than 1,000 recipients in a day. The limit of the service (0) counts as low enough, unless service_limit_counts is false."
  points      = 1
  confidence  = "medium"
  parameters  = { at_most = { recipientLimitPerDay = 1000 } }
}

control "mdo_thresholdreachedaction" {
  title       = "Block users who reached the message limit"
  description = "Whoever reaches a limit is blocked until an administrator has had a look, and not just until tomorrow."
  points      = 1
  parameters  = { one_of = { actionWhenThresholdReached = ["BlockUser"] } }
}

control "mdo_autoforwardingmode" {
  title       = "Set automatic email forwarding rules to be system controlled"
  description = "Automatic forwarding to the outside is left to the service, which forbids it, or is off."
  points      = 1
  parameters  = { one_of = { autoForwardingMode = ["Automatic", "Off"] } }
  frameworks  = { mitre_attack = ["T1048", "T1114.003", "T1567"], nist_csf = ["PR.DS-02"], scuba_related = ["MS.EXO.1.1v2"] }
}

control "mdo_blockmailforward" {
  title       = "Ensure all forms of mail forwarding are blocked and/or disabled"
  description = "Automatic forwarding to the outside is off. Mail flow rules that forward are a matter of review, which earns no points."
  points      = 5
  difficulty  = "unknown"
  threats     = ["data_exfiltration", "account_breach"]
  parameters  = { one_of = { autoForwardingMode = ["Off"] } }
  frameworks  = { mitre_attack = ["T1048", "T1114.003", "T1567"], nist_csf = ["PR.DS-02"] }
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
