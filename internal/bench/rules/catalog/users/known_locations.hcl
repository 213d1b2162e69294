control "UsersKnownLocations" {
  title    = "Know where users are"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["data_exfiltration"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  parameter "locations" {
    type        = list(string)
    default     = ["US", "DE", "GB", "FR"]
    description = "Countries in which the company has offices."
  }

  implementation {
    steps = ["Set the usage location of the users."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
