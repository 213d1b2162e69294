control "forms_phishing_protection" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure internal phishing protection for Forms is enabled"
  description = "Forms that people of the organization make are looked through for questions that ask for passwords and the like."
  category    = "apps"
  product     = "microsoft_forms"
  points      = 6
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]

  rule = "switch"
  setting {}

  context "document" { dataset = "forms.settings" }
  constants = {
    field  = "isInOrgFormsPhishingScanEnabled"
    wanted = true
    reason = "forms of the organization are not scanned for phishing"
  }

  prerequisite { license = "forms" }

  implementation {
    manage_url = "https://admin.microsoft.com/"
    steps = [
      "Open Org settings in the Microsoft 365 admin center, and there Microsoft Forms.",
      "Turn on internal phishing protection, and save.",
    ]
    learn_more = { "Administrator settings of Forms" = "https://learn.microsoft.com/microsoft-forms/administrator-settings-microsoft-forms" }
  }

  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
