control "sway_block_sharing_with_outside_users" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure that Sways cannot be shared with people outside of your organization"
  description = "Sways can't be shared with people outside the organization. No interface shows the setting, so someone has to attest it."
  category    = "apps"
  product     = "microsoft_sway"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]
  confidence  = "low"

  attested {}

  implementation {
    manage_url = "https://admin.microsoft.com/"
    steps = [
      "Open Org settings in the Microsoft 365 admin center, and there Sway.",
      "Clear that people can share their sways with people outside your organization, and save.",
      "Attest the setting, with a screenshot or a ticket as evidence.",
    ]
  }

  frameworks = { nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
