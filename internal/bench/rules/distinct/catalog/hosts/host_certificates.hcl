control "HostCertificates" {
  use     = "host"
  title   = "Renew certificates in time, with long keys"
  threats = ["spoofing"]

  parameter "bits" {
    type        = number
    default     = 2048
    description = "Shortest key."
  }

  parameter "until" {
    type        = string
    default     = "2026-11-01T00:00:00Z"
    description = "Time until which certificates have to be valid."
  }

  implementation { steps = ["Renew the certificates."] }
}
