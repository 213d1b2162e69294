control "CompanyDevicesCompliant" {
  title    = "Bring devices of the company into compliance"
  category = "device"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["data_exfiltration"]

  coverage "bench.devices" {
    when_empty = "not_applicable"
  }

  implementation {
    steps = ["Look at what keeps the devices from compliance."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
