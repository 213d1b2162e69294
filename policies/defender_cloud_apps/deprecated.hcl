# Controls that Secure Score has no longer: they are kept so that older scores can be read, and are evaluated no more.
defaults {
  category    = "apps"
  product     = "defender_cloud_apps"
  difficulty  = "low"
  user_impact = "moderate"
  stage       = "deprecated"
  reason      = "it is absent from exports of Secure Score since 2025"
  source      = "Secure Score control profiles as exported in mitre/heimdall2@2e4a8bec in 2024; absent from those of mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b"
}

control "McasCloudAppNotification" {
  title       = "Create an app discovery policy to identify new and trending cloud apps in your org"
  description = "A policy tells of cloud apps that are new in the organization."
  points      = 3
  tier        = "advanced"
  threats     = ["data_exfiltration"]
}

control "McasCutomActivityPolicy" {
  title       = "Create a custom activity policy to get alerts about suspicious usage patterns"
  description = "A policy of the organization's own alerts about suspicious use of apps."
  points      = 2
  tier        = "advanced"
  threats     = ["account_breach", "elevation_of_privilege", "malicious_insider"]
}

control "McasOAuthAppNotification" {
  title       = "Create an OAuth app policy to notify you about new OAuth applications"
  description = "A policy tells of new apps that were given access by OAuth."
  points      = 4
  tier        = "defense_in_depth"
  threats     = ["account_breach", "elevation_of_privilege", "malicious_insider"]
}
