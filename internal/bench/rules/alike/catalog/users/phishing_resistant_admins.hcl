control "AdminsPhishingResistant" {
  use     = "user"
  title   = "Have administrators sign in with methods that resist phishing"
  threats = ["account_breach", "phishing_or_whaling"]

  parameter "roles" {
    type        = list(string)
    default     = ["Global Administrator", "Exchange Administrator", "User Administrator"]
    description = "Roles that make an administrator."
  }

  parameter "methods" {
    type        = list(string)
    default     = ["fido2", "windowsHelloForBusiness"]
    description = "Methods that resist phishing."
  }

  implementation { steps = ["Give the administrators a security key."] }
}
