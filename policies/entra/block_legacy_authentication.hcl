control "BlockLegacyAuthentication" {
  title       = "Enable Conditional Access policies to block legacy authentication"
  category    = "identity"
  product     = "entra_id"
  points      = 8
  tier        = "advanced"
  difficulty  = "moderate"
  user_impact = "moderate"
  threats     = ["password_cracking", "account_breach"]

  description = <<-EOT
    Counts enabled users, except the accounts that synchronize the directory. All comply while security defaults are on; otherwise a user
    complies when enabled Conditional Access policies together block both Exchange ActiveSync and other legacy clients for the user, in all
    cloud apps. A policy in report-only mode counts for nothing, and so does one that leaves out platforms, locations, devices or levels of
    risk, or that excludes a group of which not all members are known.
  EOT

  coverage "entra.users" {
    when_empty = "full"
    join "roles" {
      dataset = "entra.role_assignments"
      on      = "principalId"
      many    = true
    }
    join "groups" {
      dataset = "entra.group_members"
      on      = "memberId"
      many    = true
    }
  }
  context = ["entra.conditional_access_policies", "entra.group_member_lists", "entra.role_assignments", "entra.security_defaults"]

  prerequisite { license = "entra_id_p1" }

  user_impact_text = "Mail clients and devices that know only user name and password stop working."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies"
    steps = [
      "Filter the sign-in logs for legacy clients, and move the people and devices found there to modern ones.",
      "Create a Conditional Access policy for all users and all cloud apps that blocks the clients Exchange ActiveSync and Other clients.",
      "Try it in report-only mode, then turn it on.",
      "Without a license for Conditional Access, turn on security defaults instead.",
    ]
    learn_more = { "Block legacy authentication" = "https://learn.microsoft.com/en-us/entra/identity/conditional-access/policy-block-legacy-authentication" }
  }
  frameworks  = { mitre_attack = ["T1078.004", "T1110.001", "T1110.003"], nist_csf = ["PR.AA-03"], scuba = ["MS.AAD.1.1v1"] }
  source      = "Secure Score control profile BlockLegacyAuthentication (facts and status text of public exports); Microsoft Graph resources conditionalAccessPolicy and identitySecurityDefaultsEnforcementPolicy"
  differences = ["Microsoft counts a subset of the users, by a rule that is not known (71 where other actions of the tenant count 78); here all enabled users count, less the accounts that synchronize the directory."]
}
