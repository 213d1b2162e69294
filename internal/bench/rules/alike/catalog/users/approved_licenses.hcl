control "UsersApprovedLicenses" {
  use     = "user"
  title   = "Assign approved licenses alone"
  threats = ["malicious_insider"]

  parameter "skus" {
    type        = list(string)
    default     = ["05e9a617-0261-4cee-bb44-138d3ef5d965", "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "c7df2760-2c81-4ef7-b578-5b5392b571df"]
    description = "Ids of the licenses."
  }

  implementation { steps = ["Remove the other licenses."] }
}
