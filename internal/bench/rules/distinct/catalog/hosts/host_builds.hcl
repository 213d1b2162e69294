control "HostBuilds" {
  use     = "host"
  title   = "Keep builds of the system current"
  threats = ["account_breach"]

  parameter "build" {
    type        = number
    default     = 20000
    description = "Lowest build."
  }

  parameter "sync" {
    type        = string
    default     = "2026-09-01T00:00:00Z"
    description = "Devices that were not in touch since then do not count."
  }

  implementation { steps = ["Update the devices."] }
}
