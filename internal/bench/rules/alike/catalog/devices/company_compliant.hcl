control "CompanyDevicesCompliant" {
  use     = "device"
  title   = "Bring devices of the company into compliance"
  threats = ["data_exfiltration"]

  implementation { steps = ["Look at what keeps the devices from compliance."] }
}
