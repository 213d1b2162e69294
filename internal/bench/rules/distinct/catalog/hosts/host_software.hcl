control "HostSoftware" {
  use     = "host"
  title   = "Install no software that opens the device"
  threats = ["malicious_insider"]

  parameter "forbidden" {
    type        = list(string)
    default     = ["teamviewer", "anydesk", "torrent"]
    description = "Words in names of software that is forbidden."
  }

  implementation { steps = ["Remove the software."] }
}
