control "mip_purviewlabelconsent" {
  title       = "Extend M365 sensitivity labeling to assets in Microsoft Purview data map"
  description = "Sensitivity labels may be applied to files and database columns that the data map knows. No documented interface shows that, so someone has to attest it."
  category    = "data"
  product     = "purview"
  points      = 1
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []
  confidence  = "low"

  attested {}

  prerequisite { license = "information_protection" }

  implementation {
    manage_url = "https://purview.microsoft.com/informationprotection"
    steps = [
      "Open Information protection, Sensitivity labels in the Microsoft Purview portal.",
      "Extend labeling to assets in the data map, and agree to it.",
      "Attest that it is on, with a screenshot or a ticket as evidence.",
    ]
    learn_more = { "Labels in the data map" = "https://learn.microsoft.com/purview/data-map-sensitivity-labels" }
  }

  frameworks = { nist_csf = ["ID.AM-07"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
