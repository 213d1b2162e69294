control "AppG_unusual_activity_with_priority_account" {
  title       = "Regulate apps with priority account consent"
  description = "Someone is alerted when an app to which a priority account has consented behaves unusually, through the predefined policy for it. No interface shows the policy's status, so someone has to attest it."
  category    = "apps"
  product     = "app_governance"
  points      = 7
  tier        = "core"
  difficulty  = "low"
  user_impact = "moderate"
  threats     = []
  confidence  = "medium"

  attested {}

  prerequisite { license = "defender_cloud_apps" }

  implementation {
    manage_url = "https://security.microsoft.com/cloudapps/app-governance"
    steps = [
      "Open App governance, Policies in the Microsoft Defender portal.",
      "Activate the predefined policy “Unusual activity from an app with priority account consent”.",
      "Attest that it is active, with a screenshot or a ticket as evidence.",
    ]
    learn_more = { "Predefined app policies" = "https://learn.microsoft.com/defender-cloud-apps/app-governance-predefined-policies" }
  }

  frameworks = { nist_csf = ["DE.CM-03"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
