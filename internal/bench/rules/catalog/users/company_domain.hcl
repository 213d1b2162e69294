control "MembersCompanyDomain" {
  title    = "Name members in the domain of the company"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["spoofing"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  parameter "domain" {
    type        = string
    default     = "contoso.example"
    description = "The domain."
  }

  implementation {
    steps = ["Rename the members, or make them guests."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
