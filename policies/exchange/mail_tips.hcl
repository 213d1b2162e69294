control "exo_mailtipsenabled" {
  title       = "Ensure MailTips are enabled for end users"
  description = "Outlook warns people before their mail goes outside the organization or to a large audience."
  category    = "apps"
  product     = "exchange_online"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]

  setting {}

  context = ["exchange.organization_config"]

  parameter "largest_audience" {
    type        = number
    default     = 25
    description = "The number of recipients from which a tip has to warn, at the latest."
  }

  prerequisite { license = "exchange" }

  implementation {
    steps = [
      "Connect to Exchange Online PowerShell as an Exchange administrator.",
      "Run Set-OrganizationConfig -MailTipsAllTipsEnabled $true -MailTipsExternalRecipientsTipsEnabled $true -MailTipsGroupMetricsEnabled $true -MailTipsLargeAudienceThreshold 25.",
    ]
    learn_more = { "MailTips" = "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/mailtips/mailtips" }
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
