control "PeopleDisplayNames" {
  use     = "person"
  title   = "Show the department in names"
  threats = ["spoofing"]

  implementation { steps = ["Rename the people."] }
}
