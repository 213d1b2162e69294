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

  context = ["defender_office.atp_preset_rules", "defender_office.built_in_rules", "defender_office.safe_attachment_policies", "defender_office.safe_attachment_rules", "exchange.groups"]

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

  parameter "one_of" {
    type        = map(list(string))
    default     = {}
    description = "Values that a field of the policy may have."
  }

  prerequisite {
    license = "defender_office"
  }

  implementation {
    manage_url = "https://security.microsoft.com/safeattachmentv2"
    steps = [
      "Open the Safe Attachments policies in the Microsoft Defender portal.",
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

control "mdo_safeattachments" {
  title       = "Turn on Safe Attachments in block mode"
  description = "Attachments are opened in a sandbox first, and mail is held back if they prove harmful. Built-in protection does so."
  points      = 8
  parameters = {
    enabled = ["enable"]
    one_of  = { action = ["Block"] }
  }
  frameworks = { mitre_attack = ["T1566.001"], scuba = ["MS.SECURITYSUITE.1.3v1"] }
}

control "mdo_safeattachmentpolicy" {
  title       = "Ensure Safe Attachments policy is enabled"
  description = "Harmful attachments are blocked, only administrators can release them from quarantine, and no copy is sent elsewhere."
  points      = 5
  difficulty  = "unknown"
  user_impact = "unknown"
  threats     = ["data_exfiltration", "account_breach"]
  parameters = {
    enabled  = ["enable"]
    disabled = ["redirect"]
    one_of   = { action = ["Block"], quarantineTag = ["AdminOnlyAccessPolicy"] }
  }
  frameworks = { mitre_attack = ["T1566.001"], scuba = ["MS.SECURITYSUITE.1.3v1"] }
}
