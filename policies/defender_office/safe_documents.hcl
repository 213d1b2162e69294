control "mdo_safedocuments" {
  title       = "Turn on Safe Documents for Office Clients"
  description = "Office checks a document before it leaves Protected View, and nobody can click past the result."
  category    = "apps"
  product     = "defender_office_365"
  points      = 5
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []

  setting {}

  context = ["defender_office.atp_policy"]

  prerequisite { license = "defender_office_p2" }

  implementation {
    manage_url = "https://security.microsoft.com/safeattachmentv2"
    steps = [
      "Open Safe Attachments in the Microsoft Defender portal and choose Global settings.",
      "Turn on Safe Documents for Office clients.",
      "Leave the switch off that lets people leave Protected View for a file found harmful, and save.",
    ]
    learn_more = { "Safe Documents" = "https://learn.microsoft.com/defender-office-365/safe-documents-in-e5-plus-security-about" }
  }

  frameworks = { mitre_attack = ["T1204.002"], nist_csf = ["DE.CM-09"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
