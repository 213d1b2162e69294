control "exo_oauth2clientprofileenabled" {
  title       = "Ensure modern authentication for Exchange Online is enabled"
  description = "Outlook can sign in with modern authentication; without it, multifactor authentication can't be asked for."
  category    = "apps"
  product     = "exchange_online"
  points      = 3
  tier        = "core"
  threats     = ["account_breach", "data_exfiltration"]

  rule = "switch"
  setting {}

  context "document" { dataset = "exchange.organization_config" }
  constants = { field = "oAuth2ClientProfileEnabled", wanted = true, reason = "modern authentication is not on for Exchange Online" }

  prerequisite { license = "exchange" }

  implementation {
    manage_url = "https://admin.microsoft.com/"
    steps = [
      "Open Org settings in the Microsoft 365 admin center, and there Modern authentication.",
      "Turn on modern authentication for Outlook 2013 for Windows and later, and save.",
    ]
    learn_more = {
      "Modern authentication in Exchange Online" = "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/enable-or-disable-modern-authentication-in-exchange-online"
    }
  }

  frameworks = { nist_csf = ["PR.AA-03"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
