control "PeoplePasswordAge" {
  use     = "person"
  title   = "Change passwords once a year"
  threats = ["account_breach"]

  parameter "days" {
    type        = number
    default     = 365
    description = "Days that a password may be used."
  }

  implementation { steps = ["Have the passwords changed."] }
}
