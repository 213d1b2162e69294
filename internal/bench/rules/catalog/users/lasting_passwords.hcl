control "UsersLastingPasswords" {
  title    = "Do not expire passwords"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["password_cracking"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  implementation {
    steps = ["Switch the expiration of passwords off."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
