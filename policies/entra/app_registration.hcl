control "aad_third_party_apps" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title    = "Ensure third party integrated applications are not allowed"
  category = "identity"
  product  = "entra_id"
  points   = 5
  tier     = "core"
  threats  = ["account_breach", "data_exfiltration"]

  description = "Complete when ordinary users can't register apps in the tenant; administrators and application developers still can."

  setting {}
  context = ["entra.authorization_policy"]

  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_UsersAndTenants/UserManagementMenuBlade/~/UserSettings"
    steps = [
      "Assign the role Application Developer to those who register apps in their work.",
      "In the user settings, set that users can't register applications.",
    ]
    learn_more = { "Default user permissions" = "https://learn.microsoft.com/en-us/entra/fundamentals/users-default-permissions" }
  }
  frameworks = { mitre_attack = ["T1098.001", "T1098.003", "T1528"], nist_csf = ["PR.AA-05"], scuba = ["MS.AAD.5.1v1"] }
  source     = "Secure Score control profile aad_third_party_apps (facts and remediation of public exports); Microsoft Graph resource authorizationPolicy, allowedToCreateApps"
}
