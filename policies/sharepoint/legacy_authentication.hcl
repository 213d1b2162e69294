control "spo_legacy_auth" {
  title       = "Ensure modern authentication for SharePoint applications is required"
  description = "Apps that don't know modern authentication, and so can't be asked for a second factor, get no access to SharePoint."
  category    = "apps"
  product     = "sharepoint_online"
  points      = 1
  tier        = "core"
  threats     = []

  rule = "switch"
  setting {}

  context "document" { dataset = "sharepoint.settings" }
  constants = { field = "isLegacyAuthProtocolsEnabled", wanted = false, reason = "apps without modern authentication are not kept out" }

  prerequisite { license = "sharepoint" }

  implementation {
    steps = [
      "Find out which apps still sign in with legacy authentication, and have them updated.",
      "Open Policies, Access control, Apps that don't use modern authentication in the SharePoint admin center.",
      "Block access, and save.",
    ]
  }

  frameworks = { mitre_attack = ["T1078.004", "T1110.001", "T1110.003"], nist_csf = ["PR.AA-03"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
