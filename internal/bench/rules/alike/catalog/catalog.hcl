product "synthetic" {
  title = "Synthetic tenant"
}

template "user" {
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"

  coverage "bench.users" { when_empty = "not_applicable" }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

template "device" {
  category = "device"
  product  = "synthetic"
  points   = 5
  tier     = "core"

  coverage "bench.devices" { when_empty = "not_applicable" }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
