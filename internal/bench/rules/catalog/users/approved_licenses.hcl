control "UsersApprovedLicenses" {
  title    = "Assign approved licenses alone"
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"
  threats  = ["malicious_insider"]

  coverage "bench.users" {
    when_empty = "not_applicable"
  }

  parameter "skus" {
    type        = list(string)
    default     = ["05e9a617-0261-4cee-bb44-138d3ef5d965", "06ebc4ee-1bb5-47dd-8120-11324bc54e06", "c7df2760-2c81-4ef7-b578-5b5392b571df"]
    description = "Ids of the licenses."
  }

  implementation {
    steps = ["Remove the other licenses."]
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
