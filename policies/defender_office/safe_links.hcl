# Whoever is excepted from Built-in protection, and under no other policy, is protected by none.
defaults {
  use         = "mail_policy"
  user_impact = "high"

  context "policies" { dataset = "defender_office.safe_links_policies" }
  context "rules" { dataset = "defender_office.safe_links_rules" }
  context "presets" { dataset = "defender_office.atp_preset_rules" }
  context "built_in" { dataset = "defender_office.built_in_rules" }

  constants = {
    names    = "safeLinksPolicy"
    fallback = "isBuiltInProtection"
    fields = [
      "enableSafeLinksForEmail", "enableSafeLinksForTeams", "enableSafeLinksForOffice", "scanUrls", "deliverMessageAfterScan",
      "trackClicks", "enableForInternalSenders", "disableUrlRewrite", "allowClickThrough", "enableOrganizationBranding",
      "doNotRewriteUrls",
    ]
  }

  prerequisite { license = "defender_office" }

  implementation {
    manage_url = "https://security.microsoft.com/safelinksv2"
    steps = [
      "Open the Safe Links policies in the Microsoft Defender portal.",
      "Find the policies that the reasons of the assessment name: each reason names a policy and the field that falls short.",
      "Correct that setting in each of them, or put the people concerned under the Standard or Strict preset security policy.",
    ]
  }
}

control "mdo_safelinksforemail" {
  title       = "Create Safe Links policies for email messages"
  description = "Links in mail are checked when they are clicked. Built-in protection does so, and earns full points in Secure Score, though it leaves out mail between colleagues, which Microsoft's text asks for: add enableForInternalSenders to enabled to have that count too."
  points      = 9
  confidence  = "medium"
  parameters  = { enabled = ["enableSafeLinksForEmail"] }
  frameworks  = { mitre_attack = ["T1566.002"], scuba = ["MS.SECURITYSUITE.7.1v1"] }
  differences = ["Microsoft's text asks for mail between colleagues, too; its result of 2024 was content with Built-in protection, which leaves that out. See enabled."]
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
