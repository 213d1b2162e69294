control "HostDisks" {
  use     = "host"
  title   = "Encrypt all disks, and keep some of them free"
  threats = ["data_exfiltration"]

  parameter "free" {
    type        = number
    default     = 5
    description = "Percentage that has to be free."
  }

  implementation { steps = ["Encrypt the disks."] }
}
