control "MembersCompanyDomain" {
  use     = "user"
  title   = "Name members in the domain of the company"
  threats = ["spoofing"]

  parameter "domain" {
    type        = string
    default     = "contoso.example"
    description = "The domain."
  }

  implementation { steps = ["Rename the members, or make them guests."] }
}
