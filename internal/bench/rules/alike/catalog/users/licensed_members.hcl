control "MembersLicensed" {
  use     = "user"
  title   = "License every active member"
  threats = []

  implementation { steps = ["Assign licenses to the members, or disable their accounts."] }
}
