defaults {
  use = "mail_policy"

  context "policies" { dataset = "defender_office.spam_policies" }
  context "rules" { dataset = "defender_office.spam_rules" }
  context "presets" { dataset = "defender_office.eop_preset_rules" }

  constants = {
    names = "hostedContentFilterPolicy"
    fields = [
      "spamAction", "highConfidenceSpamAction", "phishSpamAction", "highConfidencePhishAction", "bulkSpamAction", "bulkThreshold",
      "markAsSpamBulkMail", "quarantineRetentionPeriod", "spamZapEnabled", "phishZapEnabled", "zapEnabled", "inlineSafetyTipsEnabled",
      "allowedSenders", "allowedSenderDomains", "intraOrgFilterState", "spamQuarantineTag", "highConfidenceSpamQuarantineTag",
      "phishQuarantineTag", "highConfidencePhishQuarantineTag", "bulkQuarantineTag",
    ]
  }

  prerequisite { license = "exchange" }

  implementation {
    manage_url = "https://security.microsoft.com/antispam"
    steps = [
      "Open the anti-spam policies in the Microsoft Defender portal.",
      "Find the policies that the reasons of the assessment name: each reason names a policy and the field that falls short.",
      "Correct that setting in each of them, or put the people concerned under the Standard or Strict preset security policy.",
    ]
  }
}

control "mdo_spamaction" {
  title       = "Set action to take on spam detection"
  description = "Spam goes to the junk folder or to quarantine."
  points      = 5
  parameters  = { one_of = { spamAction = ["MoveToJmf", "Quarantine"] } }
  frameworks  = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_highconfidencespamaction" {
  title       = "Set action to take on high confidence spam detection"
  description = "Mail that is spam with high confidence is put in quarantine."
  points      = 5
  parameters  = { one_of = { highConfidenceSpamAction = ["Quarantine"] } }
  frameworks  = { mitre_attack = ["T1566"], scuba_related = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_phisspamacation" {
  title       = "Set action to take on phishing detection"
  description = "Phishing mail is put in quarantine."
  points      = 5
  parameters  = { one_of = { phishSpamAction = ["Quarantine"] } }
  frameworks  = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_highconfidencephishaction" {
  title       = "Set action to take on high confidence phishing detection"
  description = "Mail that is phishing with high confidence is put in quarantine."
  points      = 5
  parameters  = { one_of = { highConfidencePhishAction = ["Quarantine"] } }
  frameworks  = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.1v1"] }
}

control "mdo_bulkspamaction" {
  title       = "Set action to take on bulk spam detection"
  description = "Bulk mail above the threshold goes to the junk folder. Quarantine, as in the Strict preset, is stricter and counts too."
  points      = 3
  parameters  = { one_of = { bulkSpamAction = ["MoveToJmf", "Quarantine"] } }
}

control "mdo_bulkthreshold" {
  title       = "Set the email bulk complaint level (BCL) threshold to be 6 or lower"
  description = "Bulk mail is treated as spam, from a complaint level of 6 or lower."
  points      = 1
  parameters  = { one_of = { markAsSpamBulkMail = ["On"] }, at_most = { bulkThreshold = 6 } }
}

control "mdo_quarantineretentionperiod" {
  title       = "Retain spam in quarantine for 30 days"
  description = "Mail stays in quarantine for 30 days, the longest possible, before it is lost."
  points      = 1
  parameters  = { at_least = { quarantineRetentionPeriod = 30 }, at_most = { quarantineRetentionPeriod = 30 } }
  frameworks  = { nist_csf = ["PR.PS-01"] }
}

control "mdo_allowedsenderscombined" {
  title       = "Ensure that no sender domains are allowed for anti-spam policies"
  description = "No sender and no sending domain is exempt from the spam filter: both can be forged."
  points      = 2
  parameters  = { empty = ["allowedSenders", "allowedSenderDomains"] }
  frameworks  = { mitre_attack = ["T1566"], scuba = ["MS.SECURITYSUITE.6.2v1"] }
}

control "mdo_zapphish" {
  title       = "Create zero-hour auto purge policies for phishing messages"
  description = "Phishing mail that is recognized after delivery is taken out of mailboxes again."
  points      = 3
  user_impact = "high"
  parameters  = { enabled = ["phishZapEnabled"] }
  frameworks  = { mitre_attack = ["T1566"] }
}

control "mdo_zapspam" {
  title       = "Create zero-hour auto purge policies for spam messages"
  description = "Spam that is recognized after delivery is taken out of mailboxes again."
  points      = 1
  user_impact = "high"
  parameters  = { enabled = ["spamZapEnabled"] }
}
