control "MembersLicensed" {
  title    = "License every active member"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = []

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  implementation {
    steps = ["Assign licenses to the members, or disable their accounts."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
