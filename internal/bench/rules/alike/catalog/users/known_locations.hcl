control "UsersKnownLocations" {
  use     = "user"
  title   = "Know where users are"
  threats = ["data_exfiltration"]

  parameter "locations" {
    type        = list(string)
    default     = ["US", "DE", "GB", "FR"]
    description = "Countries in which the company has offices."
  }

  implementation { steps = ["Set the usage location of the users."] }
}
