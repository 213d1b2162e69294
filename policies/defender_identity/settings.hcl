# What has to be set up in Defender for Identity itself: one rule, which differs in the setting. A new control is a new block with the path
# of the setting.

defaults {
  category    = "identity"
  product     = "defender_identity"
  points      = 1
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = ["account_breach", "elevation_of_privilege", "malicious_insider"]

  setting {}
  context = ["defender_identity.settings"]

  parameter "setting" {
    type        = list(string)
    description = "Where the setting stands in the evidence."
  }

  parameter "listed" {
    type        = bool
    default     = false
    description = "Whether the setting is a list, which has to name something. Any other has to be true."
  }

  prerequisite { license = "defender_identity" }

  source = "Secure Score control profiles of Defender for Identity (facts and remediation of public exports)"
}

control "AATP_HoneyToken" {
  title            = "Set a honeytoken account"
  description      = "At least one account is tagged as a honeytoken: nobody has a reason to use it, so any use of it raises an alert."
  parameters       = { setting = ["honeytokenAccounts"], listed = true }
  user_impact_text = "Nobody notices, since nobody works with the account."
  frameworks       = { nist_csf = ["DE.CM-03"] }

  implementation {
    manage_url = "https://security.microsoft.com/settings/identities"
    steps = [
      "Choose or make an account that looks worth taking and that nobody uses.",
      "Tag it as a honeytoken in the settings for identities of the Defender portal.",
      "Tell those who answer alerts what it means when the account is used.",
    ]
    learn_more = { "Entity tags" = "https://learn.microsoft.com/en-us/defender-for-identity/entity-tags" }
  }
}

control "AATP_Vpn" {
  title            = "Configure VPN integration"
  description      = "Defender for Identity takes the RADIUS accounting of the VPN, and so knows from where people connect."
  confidence       = "medium"
  parameters       = { setting = ["vpn", "radiusAccountingEnabled"] }
  user_impact_text = "Nobody notices. The VPN sends its accounting to the sensors."
  frameworks       = { nist_csf = ["DE.CM-01", "DE.CM-03"] }

  implementation {
    manage_url = "https://security.microsoft.com/settings/identities"
    steps = [
      "Turn RADIUS accounting on under VPN in the settings for identities of the Defender portal, and enter a shared secret.",
      "Let the VPN send its RADIUS accounting to the sensors, with the same secret.",
    ]
    learn_more = { "VPN integration" = "https://learn.microsoft.com/en-us/defender-for-identity/vpn-integration" }
  }
}
