control "PeopleRiskySessions" {
  use     = "traveler"
  title   = "End risky sessions, and those of old protocols"
  threats = ["account_breach"]

  parameter "score" {
    type        = number
    default     = 0.7
    description = "Score from which a session is risky."
  }

  parameter "legacy" {
    type        = list(string)
    default     = ["IMAP4", "POP3", "Authenticated SMTP"]
    description = "Clients without multifactor authentication."
  }

  parameter "since" {
    type        = string
    default     = "2026-09-08T00:00:00Z"
    description = "Older sessions are over."
  }

  implementation { steps = ["End the sessions."] }
}
