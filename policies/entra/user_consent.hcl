control "IntegratedApps" {
  title       = "Ensure user consent to apps accessing company data on their behalf is not allowed"
  category    = "identity"
  product     = "entra_id"
  points      = 4
  tier        = "defense_in_depth"
  difficulty  = "low"
  user_impact = "moderate"
  threats     = ["data_exfiltration", "data_spillage"]

  description = <<-EOT
    Complete when users can't consent to apps on their own behalf, or only to apps of verified publishers for permissions that the
    organization classified as low impact. What owners of teams and chats may grant there is not looked at.
  EOT

  setting {}
  context = ["entra.authorization_policy"]

  parameter "permitted_policies" {
    type        = list(string)
    format      = "id"
    default     = ["microsoft-user-default-low"]
    description = "The policies of permission grants by which users may consent for themselves."
  }

  user_impact_text = "Who needs a new app asks an administrator for it."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/ConsentPoliciesMenuBlade/~/UserSettings"
    steps = [
      "Turn on the admin consent workflow, so that people have somewhere to ask.",
      "In the consent settings, forbid user consent, or allow it for verified publishers and selected permissions.",
      "Look through the grants that exist, and revoke what nobody needs.",
    ]
    learn_more = { "Configure user consent" = "https://learn.microsoft.com/en-us/entra/identity/enterprise-apps/configure-user-consent" }
  }
  frameworks  = { mitre_attack = ["T1098.001", "T1098.003", "T1528"], nist_csf = ["PR.AA-05"], scuba = ["MS.AAD.5.2v1"] }
  source      = "Secure Score control profile IntegratedApps (facts and remediation of public exports); Microsoft Graph resource authorizationPolicy, permissionGrantPoliciesAssigned"
  differences = ["What Microsoft gives where microsoft-user-default-recommended is the only policy is not known."]
}
