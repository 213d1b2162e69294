# Decisions of Contoso.
action "AdminMFAV2" {
  status      = "risk_accepted"
  reason      = "two lines\nof it"
  owner       = "ada@contoso.example"
  due         = "2026-12-31"
  expires     = "2027-01-31"
  approved_by = "ciso@contoso.example"
  ticket      = "SEC-123"
  tags        = ["q4", "board"]
  note {
    time   = "2026-10-02T08:00:00+02:00"
    author = "Bob"
    text   = "second"
  }
  note {
    time   = "2026-10-01"
    author = "Ada <ada@contoso.example>"
    text   = <<-EOT
      first, with
      two lines and $${braces}
    EOT
  }
  exclude "z" {
    reason  = "service account"
    expires = "2027-01-31T12:00:00Z"
  }
  exclude "break-glass-1" {
    reason = "break-glass account"
  }
}
action "OneAdmin" { tags = ["q1"] }
