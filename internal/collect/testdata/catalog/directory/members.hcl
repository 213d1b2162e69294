control "Members" {
  title       = "Do Members"
  category    = "apps"
  product     = "directory"
  points      = 2
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  complexity  = "low"
  threats     = ["data_exfiltration"]
  source      = "a test"
  setting {}
  context = ["entra.role_assignments", "sharepoint.settings"]
  implementation {
    steps = ["Do it."]
  }
}
