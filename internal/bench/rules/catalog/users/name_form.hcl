control "UsersNameForm" {
  title    = "Form user names by one pattern"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = []

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  parameter "pattern" {
    type        = string
    default     = "^[a-z]+\\.[a-z]+[0-9]*@"
    description = "Regular expression for the names."
  }

  implementation {
    steps = ["Rename the users."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
