control "exo_storageproviderrestricted" {
  title       = "Ensure additional storage providers are restricted in Outlook on the web"
  description = "In Outlook on the web, attachments can't be taken from or saved to storage of third parties, where the organization has no say. Only the default policy is judged, whatever its name, unless every_policy is true."
  category    = "apps"
  product     = "exchange_online"
  points      = 5
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]

  setting {}

  context = ["exchange.owa_mailbox_policies"]

  parameter "every_policy" {
    type        = bool
    default     = false
    description = "Whether custom policies are judged too, and not just the default one."
  }

  prerequisite { license = "exchange" }

  implementation {
    steps = [
      "Connect to Exchange Online PowerShell as an Exchange administrator.",
      "Run Get-OwaMailboxPolicy | Where-Object IsDefault | Set-OwaMailboxPolicy -AdditionalStorageProvidersAvailable $false.",
      "Do the same for other policies of Outlook on the web that mailboxes are under.",
    ]
    learn_more = { "Set-OwaMailboxPolicy" = "https://learn.microsoft.com/powershell/module/exchange/set-owamailboxpolicy" }
  }

  frameworks = { mitre_attack = ["T1567.002"], nist_csf = ["PR.DS-02"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
