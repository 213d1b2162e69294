control "UsersStrongMethods" {
  use     = "user"
  title   = "Have every user register a strong sign-in method"
  threats = ["account_breach"]

  parameter "methods" {
    type        = list(string)
    default     = ["microsoftAuthenticatorPush", "softwareOneTimePasscode", "fido2", "windowsHelloForBusiness"]
    description = "Methods that are strong enough."
  }

  implementation { steps = ["Ask the users to register one of the methods."] }
}
