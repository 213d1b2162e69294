# No property of Microsoft Graph was found that shows this setting, so a person has to say what the portal shows.

control "aad_linkedin_connection_disables" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title      = "Ensure 'LinkedIn account connections' is disabled"
  category   = "identity"
  product    = "entra_id"
  points     = 3
  tier       = "core"
  confidence = "low"
  threats    = ["data_exfiltration", "account_breach"]

  description = "Complete when somebody attests that LinkedIn account connections are set to No in the user settings, and the claim has not expired."

  attested {}

  user_impact_text = "People no longer see LinkedIn profiles in Microsoft apps."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/UserSettings"
    steps = [
      "In the user settings, set LinkedIn account connections to No.",
      "Record the claim with the date, who looked, and a picture or ticket as evidence.",
    ]
    learn_more = { "LinkedIn account connections" = "https://learn.microsoft.com/en-us/entra/identity/users/linkedin-integration" }
  }
  frameworks = { nist_csf = ["PR.PS-01"] }
  source     = "Secure Score control profile aad_linkedin_connection_disables (facts and remediation of public exports)"
}
