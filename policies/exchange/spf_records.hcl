control "exo_SPF_records_for_all_domains" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title       = "Ensure that SPF records are published for all Exchange Domains"
  description = "Each domain that has mail in Exchange Online publishes one SPF record, so that others can tell who may send for it; of two, neither counts (RFC 7208). What the record allows is not judged."
  category    = "apps"
  product     = "exchange_online"
  points      = 5
  tier        = "core"
  threats     = ["account_breach", "data_exfiltration"]
  confidence  = "medium"

  setting {}

  context = ["exchange.accepted_domains", "exchange.spf_records"]

  prerequisite { license = "exchange" }

  implementation {
    steps = [
      "List the servers and services that send mail for each accepted domain.",
      "Publish one TXT record a domain at its DNS host, beginning with v=spf1, with include:spf.protection.outlook.com and the other senders, and ending with -all.",
      "Publish v=spf1 -all for domains that send no mail.",
    ]
    learn_more = { "Set up SPF" = "https://learn.microsoft.com/defender-office-365/email-authentication-spf-configure" }
  }

  frameworks  = { mitre_attack = ["T1566", "T1684.001", "T1684.002"], scuba_related = ["MS.EXO.2.2v3"] }
  source      = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
  differences = ["Here every domain with mail has to publish a record. A published result has all points where the default domain seems to have none; its names are made anonymous."]
}
