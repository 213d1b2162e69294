control "McasFirewallLogUpload" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Deploy a log collector to discover shadow IT activity"
  description = "The logs of firewalls and proxies reach Defender for Cloud Apps, which tells from them which apps people use. No documented interface shows that, so someone has to attest it."
  category    = "apps"
  product     = "defender_cloud_apps"
  points      = 1
  tier        = "advanced"
  difficulty  = "moderate"
  user_impact = "low"
  threats     = ["data_exfiltration"]
  confidence  = "low"

  attested {}

  prerequisite { license = "defender_cloud_apps" }

  implementation {
    manage_url = "https://security.microsoft.com/cloudapps/settings?tabid=automaticLogUpload"
    steps = [
      "Open Settings, Cloud apps, Automatic log upload in the Microsoft Defender portal.",
      "Add a data source for each firewall or proxy, and a log collector that receives their logs.",
      "Attest that logs arrive, with a screenshot or a ticket as evidence.",
    ]
    learn_more = { "Automatic log upload" = "https://learn.microsoft.com/defender-cloud-apps/discovery-docker" }
  }

  frameworks = { nist_csf = ["DE.CM-01", "DE.CM-03"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
