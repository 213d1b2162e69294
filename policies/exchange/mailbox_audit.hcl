control "exo_mailboxaudit" {
  title       = "Ensure mailbox auditing for all users is Enabled"
  description = "The organization hasn't switched mailbox auditing off, and mailboxes that aren't audited by default, such as those of rooms and public folders, have it switched on. What is done by an account that bypasses auditing goes unrecorded in every mailbox all the same; Microsoft doesn't ask about that: set bypass_allowed to false to count mailboxes of such accounts as failing."
  category    = "apps"
  product     = "exchange_online"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]

  coverage "exchange.mailboxes" {
    credit     = "all_or_nothing"
    when_empty = "not_applicable"
  }

  context = ["exchange.organization_config"]

  parameter "bypass_allowed" {
    type        = bool
    default     = true
    description = "Whether the owner of a mailbox may bypass auditing; if not, it has to be known that they don't."
  }

  prerequisite { license = "exchange" }

  implementation {
    steps = [
      "Connect to Exchange Online PowerShell as an Exchange administrator.",
      "Run Set-OrganizationConfig -AuditDisabled $false.",
      "Run Set-Mailbox -AuditEnabled $true for each resource, public folder and discovery search mailbox.",
      "Look at what Get-MailboxAuditBypassAssociation -ResultSize Unlimited lists with AuditBypassEnabled, and take the bypass from accounts that need none.",
    ]
    learn_more = { "Manage mailbox auditing" = "https://learn.microsoft.com/purview/audit-mailboxes" }
  }

  frameworks = { mitre_attack = ["T1098.002", "T1564.008", "T1685.002"], nist_csf = ["PR.PS-04"], scuba = ["MS.EXO.13.1v1"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
