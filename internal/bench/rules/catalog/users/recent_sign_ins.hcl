control "UsersRecentSignIns" {
  title    = "Disable accounts that nobody uses"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["account_breach"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  parameter "since" {
    type        = string
    default     = "2025-01-01"
    description = "Day of the earliest sign-in that counts."
  }

  implementation {
    steps = ["Disable the accounts without a recent sign-in."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
