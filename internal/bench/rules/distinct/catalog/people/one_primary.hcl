control "PeopleOnePrimary" {
  use     = "person"
  title   = "Have one primary address"
  threats = []

  implementation { steps = ["Make one address the primary one."] }
}
