control "exo_transportrulesallowlistdomains" {
  title       = "Ensure Spam confidence level (SCL) is configured in mail transport rules with specific domains"
  description = "No mail flow rule exempts whole sending domains from the spam filter, since a sender's domain is easily forged: no rule that names sending domains gives a spam confidence level of -1. Rules that are off, in a test mode, expired or not active yet don't count. A rule that names no sending domain is not looked at, whatever else it lets past, as in Microsoft's text."
  category    = "apps"
  product     = "exchange_online"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration"]

  setting {}

  context = ["exchange.transport_rules"]

  prerequisite { license = "exchange" }

  implementation {
    manage_url = "https://admin.exchange.microsoft.com/#/transportrules"
    steps = [
      "Open Mail flow, Rules in the Exchange admin center.",
      "In each rule that the reasons of the assessment name, replace the spam confidence level of -1 by 0 or higher, or remove the rule.",
      "Where mail of a partner is caught by mistake, allow it in the Tenant Allow/Block List instead, for a limited time.",
    ]
    learn_more = { "Safe sender lists" = "https://learn.microsoft.com/defender-office-365/create-safe-sender-lists-in-office-365" }
  }

  frameworks = { mitre_attack = ["T1566"], nist_csf = ["DE.CM-09"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
