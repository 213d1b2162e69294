control "mip_management_API_enabled_four_workloads" {
  title       = "Ensure Office 365 Management Activity API is Enabled for some workloads (see description)"
  description = "Somebody fetches what is recorded of Microsoft Entra ID, Exchange, SharePoint and the rest by the Office 365 Management Activity API: a subscription of each is enabled. Which workloads are meant is not published; a list of these four is the default."
  category    = "apps"
  product     = "purview"
  points      = 3
  tier        = "core"
  threats     = ["account_breach", "data_exfiltration"]
  confidence  = "low"

  setting {}

  parameter "content_types" {
    type        = list(string)
    default     = ["Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.General", "Audit.SharePoint"]
    description = "Kinds of content that have to be subscribed to."
  }

  context = ["purview.activity_subscriptions"]

  implementation {
    manage_url = "https://learn.microsoft.com/office/office-365-management-api/"
    steps = [
      "Register an app with the permission ActivityFeed.Read of the Office 365 Management APIs, or let the product that collects your logs do so.",
      "Start a subscription for each kind of content that the assessment names.",
      "See that the content arrives where it is kept.",
    ]
    learn_more = { "Management Activity API" = "https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference" }
  }

  frameworks = { nist_csf = ["PR.PS-04"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b"
}
