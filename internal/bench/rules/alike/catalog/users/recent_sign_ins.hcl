control "UsersRecentSignIns" {
  use     = "user"
  title   = "Disable accounts that nobody uses"
  threats = ["account_breach"]

  parameter "since" {
    type        = string
    default     = "2025-01-01"
    description = "Day of the earliest sign-in that counts."
  }

  implementation { steps = ["Disable the accounts without a recent sign-in."] }
}
