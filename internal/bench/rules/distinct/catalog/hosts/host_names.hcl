control "HostNames" {
  use     = "host"
  title   = "Name devices after their site and serial number"
  threats = ["spoofing"]

  implementation { steps = ["Rename the devices."] }
}
