control "PeopleSessionCountries" {
  use     = "traveler"
  title   = "Sign in from countries with an office alone"
  threats = ["account_breach"]

  parameter "countries" {
    type        = list(string)
    default     = ["US", "DE", "GB", "FR"]
    description = "Countries with an office."
  }

  implementation { steps = ["Ask the people, and end the sessions."] }
}
