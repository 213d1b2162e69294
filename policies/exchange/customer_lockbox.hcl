control "CustomerLockBoxEnabled" {
  title       = "Ensure the customer lockbox feature is enabled"
  description = "Microsoft's engineers need the approval of the organization before they touch its content to solve a support case."
  category    = "apps"
  product     = "exchange_online"
  points      = 1
  tier        = "advanced"
  difficulty  = "moderate"
  user_impact = "moderate"
  threats     = ["data_exfiltration", "data_deletion", "data_spillage"]

  rule = "switch"
  setting {}

  context "document" { dataset = "exchange.organization_config" }
  constants = { field = "customerLockboxEnabled", wanted = true, reason = "Customer Lockbox is not on" }

  prerequisite { license = "lockbox" }

  implementation {
    manage_url = "https://admin.microsoft.com/"
    steps = [
      "Open Org settings in the Microsoft 365 admin center, and there Security & privacy, Customer lockbox.",
      "Require approval for all requests to access data, and save.",
      "Give the role of Customer Lockbox access approver to the people who are to answer requests.",
    ]
    learn_more = { "Customer Lockbox" = "https://learn.microsoft.com/purview/customer-lockbox-requests" }
  }

  frameworks = { nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
