# Whoever is excepted from Built-in protection, and under no other policy, is protected by none.
defaults {
  use         = "mail_policy"
  user_impact = "high"

  context "policies" { dataset = "defender_office.safe_attachment_policies" }
  context "rules" { dataset = "defender_office.safe_attachment_rules" }
  context "presets" { dataset = "defender_office.atp_preset_rules" }
  context "built_in" { dataset = "defender_office.built_in_rules" }

  constants = {
    names    = "safeAttachmentPolicy"
    fallback = "isBuiltInProtection"
    fields   = ["enable", "action", "quarantineTag", "redirect"]
  }

  prerequisite { license = "defender_office" }

  implementation {
    manage_url = "https://security.microsoft.com/safeattachmentv2"
    steps = [
      "Open the Safe Attachments policies in the Microsoft Defender portal.",
      "Find the policies that the reasons of the assessment name: each reason names a policy and the field that falls short.",
      "Correct that setting in each of them, or put the people concerned under the Standard or Strict preset security policy.",
    ]
  }
}

control "mdo_safeattachments" {
  title       = "Turn on Safe Attachments in block mode"
  description = "Attachments are opened in a sandbox first, and mail is held back if they prove harmful. Built-in protection does so."
  points      = 8
  parameters  = { enabled = ["enable"], one_of = { action = ["Block"] } }
  frameworks  = { mitre_attack = ["T1566.001"], scuba = ["MS.SECURITYSUITE.1.3v1"] }
}

control "mdo_safeattachmentpolicy" {
  title       = "Ensure Safe Attachments policy is enabled"
  description = "Harmful attachments are blocked, only administrators can release them from quarantine, and no copy is sent elsewhere."
  points      = 5
  difficulty  = "unknown"
  user_impact = "unknown"
  threats     = ["data_exfiltration", "account_breach"]
  parameters  = { enabled = ["enable"], disabled = ["redirect"], one_of = { action = ["Block"], quarantineTag = ["AdminOnlyAccessPolicy"] } }
  frameworks  = { mitre_attack = ["T1566.001"], scuba = ["MS.SECURITYSUITE.1.3v1"] }
}
