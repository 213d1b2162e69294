control "WindowsBitLocker" {
  use     = "device"
  title   = "Encrypt Windows with BitLocker in XTS mode"
  threats = ["data_exfiltration"]

  implementation { steps = ["Configure BitLocker, and replace devices without a TPM 2.0."] }
}
