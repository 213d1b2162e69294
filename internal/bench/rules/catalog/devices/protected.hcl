control "DevicesProtected" {
  title    = "Switch firewall and antivirus on"
  category = "device"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["account_breach"]

  coverage "bench.devices" {
    when_empty = "not_applicable"
  }

  implementation {
    steps = ["Require firewall, antivirus and real-time protection in the compliance policy."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
