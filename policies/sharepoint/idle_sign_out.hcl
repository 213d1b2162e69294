control "spo_idle_session_timeout" {
  title       = "Sign out inactive users in SharePoint Online"
  description = "Whoever leaves SharePoint open in a browser is signed out after a time without activity."
  category    = "apps"
  product     = "sharepoint_online"
  points      = 1
  tier        = "core"
  threats     = []

  setting {}

  context = ["sharepoint.settings"]

  prerequisite { license = "sharepoint" }

  implementation {
    steps = [
      "Open Policies, Access control, Idle session sign-out in the SharePoint admin center.",
      "Turn it on, choose after which time people are warned and signed out, and save.",
    ]
    learn_more = { "Sign out inactive users" = "https://learn.microsoft.com/sharepoint/sign-out-inactive-users" }
  }

  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
