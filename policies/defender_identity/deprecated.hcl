# Controls that Secure Score has no longer: they are kept so that older scores can be read, and are evaluated no more.
control "AATP_EntitiesWithOldPassword" {
  title       = "Manage accounts with passwords more than 180 days old"
  description = "No account that is in use has a password older than 180 days."
  category    = "identity"
  product     = "defender_identity"
  points      = 5
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = []
  stage       = "deprecated"
  reason      = "it is absent from exports of Secure Score since 2025"
  source      = "Secure Score control profiles as exported in mitre/heimdall2@2e4a8bec in 2024; absent from those of mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b"
}

control "AATP_CyberArk_MFAforPriviledgedUserAccounts" {
  title       = "Assign multi-factor authentication for CyberArk Identity privileged user accounts"
  description = "Privileged accounts of CyberArk Identity sign in with more than a password."
  category    = "identity"
  product     = "defender_identity"
  points      = 5
  tier        = "core"
  difficulty  = "low"
  user_impact = "moderate"
  threats     = []
  stage       = "deprecated"
  reason      = "it is absent from profiles of Secure Score of September 2026, which have the other four of CyberArk"
  source      = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 in 2025; absent from EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json"
}
