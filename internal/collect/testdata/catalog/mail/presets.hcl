control "Presets" {
  title       = "Do Presets"
  category    = "apps"
  product     = "mail"
  points      = 5
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  complexity  = "low"
  threats     = ["data_exfiltration"]
  source      = "a test"
  setting {}
  context = ["defender_office.eop_preset_rules", "exchange.spf_records", "purview.label_policies", "teams.meeting_configuration"]
  implementation {
    steps = ["Do it."]
  }
}
