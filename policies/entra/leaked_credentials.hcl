control "AATP_AccountWithLeakedCredentials" {
  title       = "Change password for accounts with leaked credentials"
  description = "No account still has a password that is known to have leaked: the posture assessment of Defender for Identity was made and names none."
  category    = "identity"
  product     = "entra_id"
  points      = 5
  tier        = "core"
  difficulty  = "low"
  user_impact = "high"
  threats     = []
  confidence  = "medium"

  setting {}

  parameter "assessment" {
    type        = string
    default     = "AATP_AccountWithLeakedCredentials"
    description = "The assessment that has to name no exposed entity."
  }

  context = ["defender_identity.assessments"]

  prerequisite {
    license = "entra_id_p2"
  }

  user_impact_text = "People whose password leaked have to choose another one."
  implementation {
    manage_url = "https://security.microsoft.com/securescore?viewid=actions"
    steps = [
      "Open the assessment and export the accounts.",
      "Look through their recent sign-ins for some that their owners don't know.",
      "Reset the passwords, and tell the owners not to use the old ones anywhere.",
    ]
    learn_more = {
      "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts"
    }
  }

  frameworks = { mitre_attack = ["T1078.004", "T1110.004"], nist_csf = ["PR.AA-01"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
