product "synthetic" {
  title = "Synthetic tenant"
}

template "person" {
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"

  coverage "bench.people" { when_empty = "not_applicable" }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

template "traveler" {
  category = "identity"
  product  = "synthetic"
  points   = 5
  tier     = "core"

  coverage "bench.people" {
    when_empty = "not_applicable"
    join "sessions" {
      dataset   = "bench.sessions"
      on        = "userId"
      many      = true
      unmatched = "ignore"
    }
  }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

template "host" {
  category = "device"
  product  = "synthetic"
  points   = 5
  tier     = "core"

  coverage "bench.hosts" { when_empty = "not_applicable" }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}
