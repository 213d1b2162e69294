control "PeopleDormant" {
  use     = "person"
  title   = "Disable accounts that nobody uses"
  threats = ["account_breach"]

  parameter "signed_in_since" {
    type        = string
    default     = "2026-07-01T00:00:00Z"
    description = "Earliest sign-in that counts."
  }

  parameter "created_since" {
    type        = string
    default     = "2026-09-01T00:00:00Z"
    description = "Accounts that are newer may be unused."
  }

  implementation { steps = ["Disable the accounts."] }
}
