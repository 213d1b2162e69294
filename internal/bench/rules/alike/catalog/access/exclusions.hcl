defaults {
  category = "identity"
  product  = "synthetic"
  points   = 2
  tier     = "core"
  threats  = ["account_breach"]
  context  = ["bench.ca_policies"]

  setting {}

  parameter "most" {
    type        = number
    description = "Most users that a policy may exclude."
  }

  implementation { steps = ["Take users out of the exclusions."] }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

control "ExcludeAtMost1" {
  title      = "Exclude at most 1 user from a conditional access policy"
  parameters = { most = 1 }
}

control "ExcludeAtMost2" {
  title      = "Exclude at most 2 users from a conditional access policy"
  parameters = { most = 2 }
}

control "ExcludeAtMost3" {
  title      = "Exclude at most 3 users from a conditional access policy"
  parameters = { most = 3 }
}

control "ExcludeAtMost4" {
  title      = "Exclude at most 4 users from a conditional access policy"
  parameters = { most = 4 }
}
