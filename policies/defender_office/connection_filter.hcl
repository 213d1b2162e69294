control "mdo_connectionfilter" {
  title       = "Don't add allowed IP addresses in the connection filter policy"
  description = "No address of a sending server is exempt from filtering: whatever comes from there would skip spam and spoofing checks."
  category    = "apps"
  product     = "defender_office_365"
  points      = 1
  tier        = "core"
  difficulty  = "moderate"
  threats     = []

  setting {}

  context = ["defender_office.connection_filters"]

  prerequisite { license = "exchange" }

  implementation {
    manage_url = "https://security.microsoft.com/antispam"
    steps = [
      "Open the anti-spam policies in the Microsoft Defender portal and choose the connection filter policy.",
      "Take every entry off the list of addresses that are always allowed, and save.",
      "Let partners whose mail is stopped be handled by entries of the Tenant Allow/Block List that expire.",
    ]
    learn_more = { "Connection filtering" = "https://learn.microsoft.com/defender-office-365/connection-filter-policies-configure" }
  }

  frameworks = { nist_csf = ["DE.CM-09"], scuba = ["MS.SECURITYSUITE.8.1v1"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
