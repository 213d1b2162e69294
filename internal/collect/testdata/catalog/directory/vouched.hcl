control "Vouched" {
  title       = "Do Vouched"
  category    = "apps"
  product     = "directory"
  points      = 1
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  complexity  = "low"
  threats     = ["data_exfiltration"]
  source      = "a test"
  attested {}
  implementation {
    steps = ["Do it."]
  }
}
