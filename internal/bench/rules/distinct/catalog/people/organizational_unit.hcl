control "PeopleOrganizationalUnit" {
  use     = "person"
  title   = "Keep accounts in the unit of their department"
  threats = ["elevation_of_privilege"]

  parameter "root" {
    type        = string
    default     = "OU=Users,DC=contoso,DC=example"
    description = "Unit above those of the departments."
  }

  implementation { steps = ["Move the accounts."] }
}
