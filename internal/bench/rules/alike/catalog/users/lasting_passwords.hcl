control "UsersLastingPasswords" {
  use     = "user"
  title   = "Do not expire passwords"
  threats = ["password_cracking"]

  implementation { steps = ["Switch the expiration of passwords off."] }
}
