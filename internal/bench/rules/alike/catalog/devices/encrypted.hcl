control "DevicesEncrypted" {
  use     = "device"
  title   = "Encrypt devices and lock them with a passcode"
  threats = ["data_exfiltration"]

  parameter "length" {
    type        = number
    default     = 6
    description = "Fewest characters of a passcode."
  }

  implementation { steps = ["Require encryption and a passcode in the compliance policy."] }
}
