control "AdminsPhishingResistant" {
  title    = "Have administrators sign in with methods that resist phishing"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["account_breach", "phishing_or_whaling"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  parameter "roles" {
    type        = list(string)
    default     = ["Global Administrator", "Exchange Administrator", "User Administrator"]
    description = "Roles that make an administrator."
  }

  parameter "methods" {
    type        = list(string)
    default     = ["fido2", "windowsHelloForBusiness"]
    description = "Methods that resist phishing."
  }

  implementation {
    steps = ["Give the administrators a security key."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
