control "UsersNameForm" {
  use     = "user"
  title   = "Form user names by one pattern"
  threats = []

  parameter "pattern" {
    type        = string
    default     = "^[a-z]+\\.[a-z]+[0-9]*@"
    description = "Regular expression for the names."
  }

  implementation { steps = ["Rename the users."] }
}
