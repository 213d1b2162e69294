# That a policy is on (enabled) is asked of every control, whatever else it asks for.
defaults {
  use = "mail_policy"

  context "policies" { dataset = "defender_office.anti_phish_policies" }
  context "rules" { dataset = "defender_office.anti_phish_rules" }
  context "presets" { dataset = "defender_office.eop_preset_rules" }

  constants = {
    names  = "antiPhishPolicy"
    always = [{ enabled = ["enabled"] }]
    fields = [
      "enabled", "impersonationProtectionState", "phishThresholdLevel", "enableMailboxIntelligence", "enableMailboxIntelligenceProtection",
      "mailboxIntelligenceProtectionAction", "enableTargetedUserProtection", "targetedUsersToProtect", "targetedUserProtectionAction",
      "enableOrganizationDomainsProtection", "enableTargetedDomainsProtection", "targetedDomainsToProtect",
      "targetedDomainProtectionAction", "enableSpoofIntelligence", "authenticationFailAction", "honorDmarcPolicy", "dmarcRejectAction",
      "dmarcQuarantineAction", "enableFirstContactSafetyTips", "enableSimilarUsersSafetyTips", "enableSimilarDomainsSafetyTips",
      "enableUnusualCharactersSafetyTips", "enableUnauthenticatedSender", "enableViaTag", "excludedSenders", "excludedDomains",
      "targetedUserQuarantineTag", "targetedDomainQuarantineTag", "mailboxIntelligenceQuarantineTag", "spoofQuarantineTag",
    ]
  }

  prerequisite { license = "defender_office" }

  implementation {
    manage_url = "https://security.microsoft.com/antiphishing"
    steps = [
      "Open the anti-phishing policies in the Microsoft Defender portal.",
      "Find the policies that the reasons of the assessment name: each reason names a policy and the field that falls short.",
      "Correct that setting in each of them, or put the people concerned under the Standard or Strict preset security policy.",
    ]
  }
}

control "mdo_antiphishingpolicies" {
  title       = "Ensure that an anti-phishing policy has been created"
  description = "The anti-phishing policy is on, is at least aggressive at telling phishing, and uses mailbox and spoof intelligence."
  points      = 3
  difficulty  = "unknown"
  threats     = ["data_exfiltration", "account_breach", "password_cracking"]
  parameters = {
    enabled  = ["enableMailboxIntelligence", "enableMailboxIntelligenceProtection", "enableSpoofIntelligence"]
    at_least = { phishThresholdLevel = 2 }
  }
  frameworks = { mitre_attack = ["T1566", "T1684.001"] }
}

control "mdo_phishthresholdlevel" {
  title       = "Set the phishing email level threshold at 2 or higher"
  description = "Mail is taken for phishing at level 2 (aggressive) or above; level 1 is what the service starts with."
  points      = 8
  parameters  = { at_least = { phishThresholdLevel = 2 } }
  frameworks  = { mitre_attack = ["T1566"] }
}

control "mdo_enablemailboxintelligence" {
  title       = "Ensure that mailbox intelligence is enabled"
  description = "The service learns whom people usually write with, so that an unusual sender stands out."
  points      = 8
  parameters  = { enabled = ["enableMailboxIntelligence"] }
  frameworks  = { mitre_attack = ["T1566", "T1684.001"] }
}

control "mdo_mailboxintelligenceprotection" {
  title       = "Ensure that intelligence for impersonation protection is enabled"
  description = "What mailbox intelligence learns about usual contacts is used to detect impersonation."
  points      = 8
  parameters  = { enabled = ["enableMailboxIntelligence", "enableMailboxIntelligenceProtection"] }
  frameworks  = { mitre_attack = ["T1566", "T1684.001"] }
}

control "mdo_mailboxintelligenceprotectionaction" {
  title       = "Move messages that are detected as impersonated users by mailbox intelligence"
  description = "Mail that mailbox intelligence takes for impersonation goes to the junk folder or to quarantine."
  points      = 8
  parameters = {
    enabled = ["enableMailboxIntelligence", "enableMailboxIntelligenceProtection"]
    one_of  = { mailboxIntelligenceProtectionAction = ["MoveToJmf", "Quarantine"] }
  }
  frameworks = { mitre_attack = ["T1566", "T1684.001"] }
}

control "mdo_targetedusersprotection" {
  title       = "Enable impersonated user protection"
  description = "Some people, such as executives, are named as those whom attackers would impersonate."
  points      = 8
  parameters  = { enabled = ["enableTargetedUserProtection"], filled = ["targetedUsersToProtect"] }
  frameworks  = { mitre_attack = ["T1566.001", "T1566.002", "T1684.001"], scuba = ["MS.DEFENDER.2.1v1", "MS.SECURITYSUITE.2.1v1"] }
}

control "mdo_targeteduserprotectionaction" {
  title       = "Quarantine messages that are detected from impersonated users"
  description = "Mail that impersonates one of the people named is put in quarantine."
  points      = 6
  parameters  = { enabled = ["enableTargetedUserProtection"], one_of = { targetedUserProtectionAction = ["Quarantine"] } }
  frameworks  = { mitre_attack = ["T1566.001", "T1566.002", "T1684.001"], scuba = ["MS.SECURITYSUITE.2.1v1"] }
}

control "mdo_similaruserssafetytips" {
  title       = "Enable the user impersonation safety tip"
  description = "A tip warns of a sender whose name resembles one of the people named."
  points      = 3
  parameters  = { enabled = ["enableTargetedUserProtection", "enableSimilarUsersSafetyTips"] }
  frameworks  = { mitre_attack = ["T1566", "T1684.001"], scuba = ["MS.SECURITYSUITE.2.4v1"] }
}

control "mdo_unusualcharacterssafetytips" {
  title       = "Enable the user impersonation unusual characters safety tip"
  description = "A tip warns of a sender's name or address that mixes in odd characters."
  points      = 3
  parameters  = { enabled = ["enableTargetedUserProtection", "enableUnusualCharactersSafetyTips"] }
  frameworks  = { mitre_attack = ["T1566", "T1684.001"], scuba = ["MS.SECURITYSUITE.2.4v1"] }
}

control "mdo_enabledomainstoprotect" {
  title       = "Enable impersonated domain protection"
  description = "Own domains, and other domains named, are protected from being impersonated. Whether any other domain is named is not asked."
  points      = 8
  parameters  = { enabled = ["enableOrganizationDomainsProtection", "enableTargetedDomainsProtection"] }
  frameworks = {
    mitre_attack = ["T1566.001", "T1566.002", "T1684.001"]
    scuba        = ["MS.DEFENDER.2.2v1", "MS.DEFENDER.2.3v1", "MS.SECURITYSUITE.2.2v1", "MS.SECURITYSUITE.2.3v1"]
  }
}

control "mdo_targeteddomainprotectionaction" {
  title       = "Quarantine messages that are detected from impersonated domains"
  description = "Mail that impersonates a protected domain is put in quarantine."
  points      = 6
  parameters = {
    enabled = ["enableOrganizationDomainsProtection", "enableTargetedDomainsProtection"]
    one_of  = { targetedDomainProtectionAction = ["Quarantine"] }
  }
  frameworks = { mitre_attack = ["T1566.001", "T1566.002", "T1684.001"], scuba = ["MS.SECURITYSUITE.2.2v1", "MS.SECURITYSUITE.2.3v1"] }
}

control "mdo_similardomainssafetytips" {
  title       = "Enable the domain impersonation safety tip"
  description = "A tip warns of a sender whose domain resembles a protected one."
  points      = 3
  parameters  = { enabled = ["enableOrganizationDomainsProtection", "enableTargetedDomainsProtection", "enableSimilarDomainsSafetyTips"] }
  frameworks  = { mitre_attack = ["T1566", "T1684.001"], scuba = ["MS.SECURITYSUITE.2.4v1"] }
}
