control "GuestsWithoutRoles" {
  use     = "user"
  title   = "Keep directory roles from guests"
  threats = ["elevation_of_privilege"]

  implementation { steps = ["Take the roles from the guests."] }
}
