control "DevicesCurrentSystem" {
  title    = "Keep operating systems current"
  category = "device"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["account_breach"]

  coverage "bench.devices" {
    when_empty = "not_applicable"
  }

  parameter "lowest" {
    type        = map(number)
    default     = { Windows = 10, iOS = 16, Android = 13, macOS = 13 }
    description = "Lowest major version, by operating system. Others are out of scope."
  }

  implementation {
    steps = ["Update the devices."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
