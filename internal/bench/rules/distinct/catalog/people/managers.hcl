control "PeopleManagers" {
  use     = "person"
  title   = "Have managers of the same domain"
  threats = []

  implementation { steps = ["Correct the managers."] }
}
