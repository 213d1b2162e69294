# Controls that Secure Score has no longer: they are kept so that older scores can be read, and are evaluated no more.
control "MDA_GitHub_MFA" {
  title       = "Enable multi-factor authentication (MFA)"
  description = "The GitHub organization requires two-factor authentication of its members."
  category    = "apps"
  product     = "github"
  points      = 7
  tier        = "core"
  threats     = ["account_breach", "data_exfiltration"]
  stage       = "deprecated"
  reason      = "it is absent from exports of Secure Score since 2025"
  source      = "Secure Score control profiles as exported in mitre/heimdall2@2e4a8bec in 2024; absent from those of mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b"
}
