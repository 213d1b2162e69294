control "DevicesCurrentSystem" {
  use     = "device"
  title   = "Keep operating systems current"
  threats = ["account_breach"]

  parameter "lowest" {
    type        = map(number)
    default     = { Windows = 10, iOS = 16, Android = 13, macOS = 13 }
    description = "Lowest major version, by operating system. Others are out of scope."
  }

  implementation { steps = ["Update the devices."] }
}
