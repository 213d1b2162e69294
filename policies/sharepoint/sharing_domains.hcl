control "spo_external_sharing_managed" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure SharePoint external sharing is managed through domain whitelist/blacklists"
  description = "Files are shared only with domains on a list, or not with those on a list, or with nobody outside at all. A list without entries is not enough."
  category    = "apps"
  product     = "sharepoint_online"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]
  confidence  = "medium"

  setting {}

  context = ["sharepoint.settings"]

  prerequisite { license = "sharepoint" }

  implementation {
    steps = [
      "Open Policies, Sharing in the SharePoint admin center, and there More external sharing settings.",
      "Limit external sharing by domain, and list the domains to allow or to block.",
    ]
    learn_more = { "Restrict sharing by domain" = "https://learn.microsoft.com/sharepoint/restricted-domains-sharing" }
  }

  frameworks = { mitre_attack = ["T1048", "T1213.002", "T1530"], nist_csf = ["PR.AA-05"], scuba = ["MS.SHAREPOINT.1.3v1"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
