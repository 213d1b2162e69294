control "dlp_datalossprevention" {
  title       = "Ensure DLP policies are enabled"
  description = "Sensitive data is kept from leaving by a policy that is on and enforced. Microsoft asks no more than that a policy exists: set enforced to false for that."
  category    = "data"
  product     = "purview"
  points      = 5
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []

  setting {}

  context = ["purview.dlp_policies"]

  parameter "enforced" {
    type        = bool
    default     = true
    description = "Whether a policy has to be on and enforced; if not, it is enough that one exists."
  }

  prerequisite { license = "data_loss_prevention" }

  implementation {
    manage_url = "https://purview.microsoft.com/datalossprevention"
    steps = [
      "Open Data loss prevention, Policies in the Microsoft Purview portal and create a policy from a template that fits the data you hold.",
      "Run it in simulation mode, and look at what it would have caught.",
      "Turn the policy on.",
    ]
    learn_more = { "Data loss prevention" = "https://learn.microsoft.com/purview/dlp-learn-about-dlp" }
  }

  frameworks = {
    mitre_attack = ["T1213", "T1530", "T1567"]
    nist_csf     = ["DE.CM-09", "PR.DS-02"]
    scuba        = ["MS.SECURITYSUITE.3.1v1", "MS.SECURITYSUITE.3.2v1"]
  }
  source      = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
  differences = ["Here a policy has to act. No result of Microsoft's was seen for one that is only tested. See enforced."]
}
