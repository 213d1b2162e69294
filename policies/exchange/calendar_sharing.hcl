control "exo_individualsharing" {
  title       = "Ensure 'External sharing' of calendars is not available"
  description = "Nobody can share a calendar with people outside the organization. Every sharing policy is judged, default and custom; that Microsoft does so too is inferred. One that is on is no gap if it names nobody, or shares contacts alone."
  category    = "apps"
  product     = "exchange_online"
  points      = 5
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []
  confidence  = "medium"

  setting {}

  context = ["exchange.sharing_policies"]

  prerequisite { license = "exchange" }

  implementation {
    manage_url = "https://admin.exchange.microsoft.com/#/individualsharing"
    steps = [
      "Open Organization, Sharing in the Exchange admin center, and there Individual sharing.",
      "Turn off each policy listed, the default one included, or take out of it whom calendars are shared with.",
    ]
    learn_more = { "Sharing policies" = "https://learn.microsoft.com/exchange/sharing/sharing-policies/sharing-policies" }
  }

  frameworks = { mitre_attack = ["T1048", "T1567"], nist_csf = ["PR.AA-05"], scuba_related = ["MS.EXO.6.1v1", "MS.EXO.6.2v1"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
