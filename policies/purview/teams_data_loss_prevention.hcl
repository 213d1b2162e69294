control "mip_DLP_policies_Teams" {
  title       = "Ensure DLP policies are enabled for Microsoft Teams"
  description = "A policy that is on and enforced keeps sensitive data from leaving through chats and channels of Teams."
  category    = "apps"
  product     = "purview"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration"]

  setting {}

  context = ["purview.dlp_policies"]

  prerequisite {
    license = "data_loss_prevention"
  }

  implementation {
    manage_url = "https://purview.microsoft.com/datalossprevention"
    steps = [
      "Open Data loss prevention, Policies in the Microsoft Purview portal.",
      "Add the location Teams chat and channel messages to a policy, or create a policy with it.",
      "Turn the policy on.",
    ]
    learn_more = {
      "Data loss prevention and Teams" = "https://learn.microsoft.com/purview/dlp-microsoft-teams"
    }
  }

  frameworks = { mitre_attack = ["T1567"], nist_csf = ["DE.CM-09", "PR.DS-02"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
