control "GuestsWithoutRoles" {
  title    = "Keep directory roles from guests"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["elevation_of_privilege"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  implementation {
    steps = ["Take the roles from the guests."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
