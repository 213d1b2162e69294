control "aad_custom_banned_passwords" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title    = "Ensure custom banned passwords lists are used"
  category = "identity"
  product  = "entra_id"
  points   = 5
  tier     = "core"
  threats  = ["data_exfiltration", "password_cracking", "account_breach"]

  description = "Complete when the custom list of banned passwords is enforced and has at least one entry."

  setting {}
  context = ["entra.directory_settings"]

  prerequisite { license = "entra_id_p1" }

  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/PasswordProtectionBlade"
    steps = [
      "Collect the words that people would choose here: names of the company, its products, places and teams.",
      "In password protection, enforce the custom list and enter the words; variants are recognized.",
    ]
    learn_more = { "Banned passwords" = "https://learn.microsoft.com/en-us/entra/identity/authentication/concept-password-ban-bad" }
  }
  frameworks = { mitre_attack = ["T1110.003"], nist_csf = ["PR.AA-01", "PR.AA-03"] }
  source     = "Secure Score control profile aad_custom_banned_passwords (facts and remediation of public exports); Microsoft Graph resource groupSetting, template Password Rule Settings"
}
