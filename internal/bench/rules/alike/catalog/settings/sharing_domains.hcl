defaults {
  category = "data"
  product  = "synthetic"
  points   = 2
  tier     = "core"
  threats  = ["data_spillage"]
  context  = ["bench.settings"]

  setting {}

  parameter "setting" {
    type        = string
    description = "Id of the setting."
  }

  parameter "domains" {
    type        = list(string)
    description = "Domains that may be shared with."
  }

  implementation { steps = ["Take the other domains from the list."] }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

control "DomainsSharepointSharing" {
  title      = "Limit sharepoint sharing to known domains"
  parameters = { setting = "sharepoint_sharing", domains = ["a.example", "b.example", "c15.example", "c17.example"] }
}

control "DomainsOnedriveSharing" {
  title      = "Limit onedrive sharing to known domains"
  parameters = { setting = "onedrive_sharing", domains = ["a.example", "b.example", "c15.example", "c17.example"] }
}

control "DomainsTeamsFederation" {
  title      = "Limit teams federation to known domains"
  parameters = { setting = "teams_federation", domains = ["a.example", "b.example", "c15.example", "c17.example"] }
}

control "DomainsCalendarSharing" {
  title      = "Limit calendar sharing to known domains"
  parameters = { setting = "calendar_sharing", domains = ["a.example", "b.example", "c15.example", "c17.example"] }
}

control "DomainsMailForwarding" {
  title      = "Limit mail forwarding to known domains"
  parameters = { setting = "mail_forwarding", domains = ["a.example", "b.example", "c15.example", "c17.example"] }
}

control "DomainsGuestInvitations" {
  title      = "Limit guest invitations to known domains"
  parameters = { setting = "guest_invitations", domains = ["a.example", "b.example", "c15.example", "c17.example"] }
}

control "DomainsFormSharing" {
  title      = "Limit form sharing to known domains"
  parameters = { setting = "form_sharing", domains = ["a.example", "b.example", "c15.example", "c17.example"] }
}
