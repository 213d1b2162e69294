control "PeoplePhoneNumbers" {
  use     = "person"
  title   = "Register telephone numbers that can be called"
  threats = ["account_breach"]

  implementation { steps = ["Correct the numbers."] }
}
