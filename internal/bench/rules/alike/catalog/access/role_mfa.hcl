defaults {
  category = "identity"
  product  = "synthetic"
  points   = 2
  tier     = "core"
  threats  = ["account_breach"]
  context  = ["bench.ca_policies"]

  setting {}

  parameter "role" {
    type        = string
    description = "Name of the role."
  }

  implementation { steps = ["Add the role to a conditional access policy that requires multifactor authentication."] }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

control "MfaGlobalAdministrator" {
  title      = "Require multifactor authentication of the Global Administrator"
  parameters = { role = "Global Administrator" }
}

control "MfaExchangeAdministrator" {
  title      = "Require multifactor authentication of the Exchange Administrator"
  parameters = { role = "Exchange Administrator" }
}

control "MfaUserAdministrator" {
  title      = "Require multifactor authentication of the User Administrator"
  parameters = { role = "User Administrator" }
}

control "MfaSecurityReader" {
  title      = "Require multifactor authentication of the Security Reader"
  parameters = { role = "Security Reader" }
}

control "MfaHelpdeskAdministrator" {
  title      = "Require multifactor authentication of the Helpdesk Administrator"
  parameters = { role = "Helpdesk Administrator" }
}
