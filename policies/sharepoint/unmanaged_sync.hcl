control "spo_block_onedrive_sync_unmanaged_devices" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Block OneDrive for Business sync from unmanaged devices"
  description = "OneDrive synchronizes files only to devices that have joined a domain of the organization."
  category    = "apps"
  product     = "sharepoint_online"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration"]

  setting {}

  context = ["sharepoint.settings"]

  prerequisite { license = "entra_id_p1" }

  implementation {
    steps = [
      "Note the ids of the Active Directory domains whose devices may synchronize.",
      "Open Settings, Sync in the SharePoint admin center.",
      "Allow syncing only on computers joined to specific domains, enter the ids, and save.",
    ]
    learn_more = { "Allow syncing only on specific domains" = "https://learn.microsoft.com/sharepoint/allow-syncing-only-on-specific-domains" }
  }

  frameworks = { nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
