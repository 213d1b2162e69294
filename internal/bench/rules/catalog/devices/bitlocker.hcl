control "WindowsBitLocker" {
  title    = "Encrypt Windows with BitLocker in XTS mode"
  category = "device"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["data_exfiltration"]

  coverage "bench.devices" {
    when_empty = "not_applicable"
  }

  implementation {
    steps = ["Configure BitLocker, and replace devices without a TPM 2.0."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
