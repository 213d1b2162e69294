control "PeopleMailboxes" {
  use     = "person"
  title   = "Keep mailboxes within their quota, and the mail inside"
  threats = ["data_exfiltration"]

  parameter "share" {
    type        = number
    default     = 0.9
    description = "Share of the quota that may be used."
  }

  parameter "domains" {
    type        = list(string)
    default     = ["contoso.example", "fabrikam.example"]
    description = "Domains that mail may be forwarded to."
  }

  implementation { steps = ["Clean up, and remove the forwarding."] }
}
