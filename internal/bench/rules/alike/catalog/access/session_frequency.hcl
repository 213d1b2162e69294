defaults {
  category = "identity"
  product  = "synthetic"
  points   = 2
  tier     = "core"
  threats  = ["account_breach"]
  context  = ["bench.ca_policies"]

  setting {}

  parameter "hours" {
    type        = number
    description = "Most hours between two sign-ins."
  }

  implementation { steps = ["Set the sign-in frequency in a conditional access policy for all users."] }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

control "SignInWithin4Hours" {
  title      = "Have everybody sign in again within 4 hours"
  parameters = { hours = 4 }
}

control "SignInWithin8Hours" {
  title      = "Have everybody sign in again within 8 hours"
  parameters = { hours = 8 }
}

control "SignInWithin12Hours" {
  title      = "Have everybody sign in again within 12 hours"
  parameters = { hours = 12 }
}

control "SignInWithin16Hours" {
  title      = "Have everybody sign in again within 16 hours"
  parameters = { hours = 16 }
}
