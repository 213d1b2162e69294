control "PeopleMailIsSignIn" {
  use     = "person"
  title   = "Sign in with the mail address"
  threats = ["spoofing"]

  implementation { steps = ["Make the mail address the name for signing in."] }
}
