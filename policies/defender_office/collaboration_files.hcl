control "mdo_atpprotection" {
  title       = "Turn on Microsoft Defender for Office 365 in SharePoint, OneDrive, and Microsoft Teams"
  description = "Files in SharePoint, OneDrive and Teams are scanned with Safe Attachments, so that a harmful one can't be opened or shared."
  category    = "apps"
  product     = "defender_office_365"
  points      = 5
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []

  rule = "switch"
  setting {}

  context "document" { dataset = "defender_office.atp_policy" }
  constants = {
    field  = "enableATPForSPOTeamsODB"
    wanted = true
    reason = "files in SharePoint, OneDrive and Teams are not scanned with Safe Attachments"
  }

  prerequisite { license = "defender_office" }

  implementation {
    manage_url = "https://security.microsoft.com/safeattachmentv2"
    steps = [
      "Open Safe Attachments in the Microsoft Defender portal and choose Global settings.",
      "Turn on Defender for Office 365 for SharePoint, OneDrive and Microsoft Teams, and save.",
    ]
    learn_more = {
      "Safe Attachments for SharePoint, OneDrive and Teams" = "https://learn.microsoft.com/defender-office-365/safe-attachments-for-spo-odfb-teams-about"
    }
  }

  frameworks = {
    mitre_attack = ["T1204.002", "T1566.001"]
    nist_csf     = ["DE.CM-09"]
    scuba        = ["MS.DEFENDER.3.1v1", "MS.SECURITYSUITE.1.4v1"]
  }
  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
