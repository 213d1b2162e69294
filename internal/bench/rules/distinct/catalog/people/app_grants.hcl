control "PeopleAppGrants" {
  use     = "person"
  title   = "Grant no app what it may do damage with"
  threats = ["data_exfiltration", "account_breach"]

  parameter "dangerous" {
    type        = list(string)
    default     = ["Mail.ReadWrite", "Mail.Send", "Files.ReadWrite.All", "Directory.ReadWrite.All"]
    description = "Permissions that nobody may grant."
  }

  parameter "since" {
    type        = string
    default     = "2024-10-01T00:00:00Z"
    description = "Older grants have to be renewed."
  }

  implementation { steps = ["Revoke the permissions."] }
}
