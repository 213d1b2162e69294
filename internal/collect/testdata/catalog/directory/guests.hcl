control "Guests" {
  title       = "Do Guests"
  category    = "apps"
  product     = "directory"
  points      = 4
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  complexity  = "low"
  threats     = ["data_exfiltration"]
  source      = "a test"
  setting {}
  context = ["entra.security_defaults"]
  prerequisite {
    service_plans = ["AAD_PREMIUM", "AAD_PREMIUM_P2"]
  }
  prerequisite {
    control = "Vouched"
  }
  implementation {
    steps = ["Do it."]
  }
}
