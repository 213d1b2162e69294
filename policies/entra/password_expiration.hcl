control "PWAgePolicyNew" {
  title       = "Ensure the 'Password expiration policy' is set to 'Set passwords to never expire (recommended)'"
  category    = "identity"
  product     = "entra_id"
  points      = 8
  tier        = "defense_in_depth"
  difficulty  = "low"
  user_impact = "moderate"
  threats     = ["password_cracking", "account_breach"]

  description = <<-EOT
    Complete when passwords never expire in any verified root domain whose users sign in at Microsoft Entra ID. Where a domain says nothing,
    they never expire in tenants made since October 2021, and after 90 days in older ones. Federated domains, unverified ones, subdomains,
    which follow their root, and domains that SharePoint alone uses are not looked at. Forced changes lead people to weak passwords with a
    counter at the end; banned passwords and multifactor authentication protect better.
  EOT

  setting {}
  context = ["entra.domains", "entra.organization"]

  user_impact_text = "Nobody is asked for a new password without a reason."
  implementation {
    manage_url = "https://admin.microsoft.com/#/Settings/SecurityPrivacy"
    steps = [
      "Open the password expiration policy of the Microsoft 365 admin center.",
      "Choose that passwords never expire; with PowerShell or Graph, set passwordValidityPeriodInDays of each domain to 2147483647.",
      "If accounts are synchronized, see which policy Active Directory applies to them.",
    ]
    learn_more = { "Password expiration policy" = "https://learn.microsoft.com/en-us/microsoft-365/admin/manage/set-password-expiration-policy" }
  }
  frameworks = { nist_csf = ["PR.AA-01"], scuba = ["MS.AAD.6.1v1"] }
  source     = "Secure Score control profile PWAgePolicyNew (facts and remediation of public exports); Microsoft Graph resources domain and organization; Microsoft Learn, Set the password expiration policy for your organization"
}
