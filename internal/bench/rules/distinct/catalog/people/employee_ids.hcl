control "PeopleEmployeeIds" {
  use     = "person"
  title   = "Keep identifiers as the personnel system has them"
  threats = []

  implementation { steps = ["Synchronize the accounts."] }
}
