control "mcas_mda_enabled" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure Microsoft Defender for Cloud Apps is enabled and configured"
  description = "Defender for Cloud Apps is there and connected to Microsoft 365. No documented interface shows that, so someone has to attest it."
  category    = "apps"
  product     = "defender_cloud_apps"
  points      = 5
  tier        = "core"
  threats     = ["account_breach", "data_exfiltration"]
  confidence  = "low"

  attested {}

  prerequisite { license = "defender_cloud_apps" }

  implementation {
    manage_url = "https://security.microsoft.com/cloudapps/settings?tabid=appConnectors"
    steps = [
      "Open Settings, Cloud apps, App connectors in the Microsoft Defender portal.",
      "Connect Microsoft 365, with all of its components.",
      "Attest that it is connected, with a screenshot or a ticket as evidence.",
    ]
    learn_more = { "Connect Microsoft 365" = "https://learn.microsoft.com/defender-cloud-apps/protect-office-365" }
  }

  frameworks = { nist_csf = ["DE.CM-03"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
