control "PeopleAdminNames" {
  use     = "person"
  title   = "Name administrators by one pattern"
  threats = ["elevation_of_privilege"]

  parameter "prefix" {
    type        = string
    default     = "adm-"
    description = "Prefix of the accounts of administrators."
  }

  parameter "pattern" {
    type        = string
    default     = "^adm-[a-z]+\\.[a-z]+[0-9]{1,5}@(contoso|fabrikam)\\.example$"
    description = "Regular expression for their names."
  }

  implementation { steps = ["Rename the accounts."] }
}
