control "UsersStrongMethods" {
  title    = "Have every user register a strong sign-in method"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["account_breach"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  parameter "methods" {
    type        = list(string)
    default     = ["microsoftAuthenticatorPush", "softwareOneTimePasscode", "fido2", "windowsHelloForBusiness"]
    description = "Methods that are strong enough."
  }

  implementation {
    steps = ["Ask the users to register one of the methods."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
