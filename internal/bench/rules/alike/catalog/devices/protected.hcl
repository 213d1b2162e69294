control "DevicesProtected" {
  use     = "device"
  title   = "Switch firewall and antivirus on"
  threats = ["account_breach"]

  implementation { steps = ["Require firewall, antivirus and real-time protection in the compliance policy."] }
}
