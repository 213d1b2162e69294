control "DevicesEncrypted" {
  title    = "Encrypt devices and lock them with a passcode"
  category = "device"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["data_exfiltration"]

  coverage "bench.devices" {
    when_empty = "not_applicable"
  }

  parameter "length" {
    type        = number
    default     = 6
    description = "Fewest characters of a passcode."
  }

  implementation {
    steps = ["Require encryption and a passcode in the compliance policy."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
