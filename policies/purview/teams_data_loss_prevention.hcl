control "mip_DLP_policies_Teams" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure DLP policies are enabled for Microsoft Teams"
  description = "A policy against sensitive data leaving through chats and channels of Teams is on. One that is only tested counts, as it does in Secure Score: set enforced to true to ask for one that acts."
  category    = "apps"
  product     = "purview"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration"]

  setting {}

  context = ["purview.dlp_policies"]

  parameter "enforced" {
    type        = bool
    default     = false
    description = "Whether a policy has to act; if not, it is enough that one is on, if only to be tested."
  }

  prerequisite { license = "data_loss_prevention" }

  implementation {
    manage_url = "https://purview.microsoft.com/datalossprevention"
    steps = [
      "Open Data loss prevention, Policies in the Microsoft Purview portal.",
      "Add the location Teams chat and channel messages to a policy, or create a policy with it.",
      "Turn the policy on.",
    ]
    learn_more = { "Data loss prevention and Teams" = "https://learn.microsoft.com/purview/dlp-microsoft-teams" }
  }

  frameworks  = { mitre_attack = ["T1567"], nist_csf = ["DE.CM-09", "PR.DS-02"], scuba = ["MS.SECURITYSUITE.3.2v1"] }
  source      = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
  differences = ["Microsoft gave all points where every policy is only tested, as here. See enforced."]
}
