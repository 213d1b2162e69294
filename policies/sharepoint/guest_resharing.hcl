control "spo_external_users_sharing" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure that SharePoint guest users cannot share items they don't own"
  description = "Guests can't pass on files and sites that don't belong to them, or nothing is shared outside at all."
  category    = "apps"
  product     = "sharepoint_online"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration"]

  setting {}

  context = ["sharepoint.settings"]

  prerequisite { license = "sharepoint" }

  implementation {
    steps = [
      "Open Policies, Sharing in the SharePoint admin center, and there More external sharing settings.",
      "Clear the setting that lets guests share items they don't own, and save.",
    ]
    learn_more = { "External sharing settings" = "https://learn.microsoft.com/sharepoint/turn-external-sharing-on-or-off" }
  }

  frameworks = { nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
