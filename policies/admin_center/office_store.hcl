control "admincenter_owned_apps_and_services" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure 'User owned apps and services' is restricted"
  description = "People can't get apps from the Office store on their own. Trials on their own are better off too, but aren't judged."
  category    = "apps"
  product     = "microsoft_365_admin_center"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]

  rule = "switch"
  setting {}

  context "document" { dataset = "admin_center.settings" }
  constants = { field = "isOfficeStoreEnabled", wanted = false, reason = "people are not kept from getting apps in the Office store" }

  implementation {
    manage_url = "https://admin.microsoft.com/"
    steps = [
      "Open Org settings in the Microsoft 365 admin center, and there User owned apps and services.",
      "Clear that users can access the Office store, and that they can start trials, and save.",
    ]
  }

  frameworks  = { nist_csf = ["PR.PS-05"] }
  source      = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
  differences = ["Where Microsoft has not measured it, it gives 0 points and leaves them in the total; here that is an outcome of its own, no_evidence."]
}
