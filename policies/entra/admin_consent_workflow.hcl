control "aad_admin_consent_workflow" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title    = "Ensure the admin consent workflow is enabled"
  category = "identity"
  product  = "entra_id"
  points   = 5
  tier     = "core"
  threats  = ["data_exfiltration"]

  description = <<-EOT
    Complete when the admin consent workflow is on and somebody is named to review the requests. Where the policy for such requests is not
    in the evidence, the directory setting EnableAdminConsentRequests decides, which does not name the reviewers.
  EOT

  setting {}
  any_of = ["entra.admin_consent_request_policy", "entra.directory_settings"]

  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ConsentPoliciesMenuBlade/~/AdminConsentSettings"
    steps = [
      "Choose who reviews requests: people who can judge what an app's permissions mean.",
      "In the admin consent settings, let users request consent, and name the reviewers.",
      "Have reviewers notified, and reminded before a request expires.",
    ]
    learn_more = { "Configure the workflow" = "https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/configure-admin-consent-workflow" }
  }
  frameworks = { mitre_attack = ["T1098.001", "T1098.003"], nist_csf = ["PR.AA-05"], scuba = ["MS.AAD.5.3v1"] }
  source     = "Secure Score control profile aad_admin_consent_workflow (facts and remediation of public exports); Microsoft Graph resources adminConsentRequestPolicy and directorySetting, template Consent Policy Settings"
}
