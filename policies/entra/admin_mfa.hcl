control "AdminMFAV2" {
  title       = "Ensure multifactor authentication is enabled for all users in administrative roles"
  category    = "identity"
  product     = "entra_id"
  points      = 10
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = ["password_cracking", "account_breach", "elevation_of_privilege"]

  description = <<-EOT
    Counts enabled users who hold one of the 15 administrative roles that Secure Score names, in person or through a group. A role that
    somebody is merely eligible for counts once it is activated; where nobody holds one, nobody is left to protect. A group that holds such
    a role counts as one more user, who does not comply, unless all of its members are known. A user complies
    when a method for multifactor authentication is registered and enabled Conditional Access policies that cover the user together demand
    its use at every sign-in, or block it. A policy in report-only mode counts for nothing, and so does one that leaves out platforms,
    locations, devices or levels of risk, that accepts something else instead, or that excludes a group of which not all members are known.
    While security defaults are on all comply, registered or not: Microsoft's documentation of Secure Score promises full points then. Set
    the parameter security_defaults_award_full_points to false, and those who have no method registered do not.
  EOT

  coverage "entra.users" {
    when_empty = "full"
    join "registration" {
      dataset   = "entra.user_registration"
      unmatched = "ignore"
    }
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

  parameter "security_defaults_award_full_points" {
    type        = bool
    default     = true
    description = "Whether every administrator complies while security defaults are on, registered or not."
  }

  prerequisite { license = "entra_id_p1" }

  user_impact_text = "Administrators register a second factor once, and are asked for it when they sign in."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies"
    steps = [
      "List who holds an administrative role, also through groups, and have each of them register a strong method.",
      "Create a Conditional Access policy that includes the administrative roles and all cloud apps, and requires multifactor authentication or an authentication strength.",
      "Leave out emergency accounts only, and watch those: they are not counted as protected.",
      "Run the policy in report-only mode, study who would have been stopped, then turn it on.",
      "Without a license for Conditional Access, turn on security defaults instead.",
    ]
    learn_more = {
      "Conditional Access" = "https://learn.microsoft.com/en-us/entra/identity/conditional-access/overview"
      "Security defaults"  = "https://learn.microsoft.com/en-us/entra/fundamentals/security-defaults"
    }
  }
  frameworks  = { mitre_attack = ["T1078.004", "T1110.001", "T1110.003"], nist_csf = ["PR.AA-03"], scuba_related = ["MS.AAD.3.2v2"] }
  source      = "Secure Score control profile AdminMFAV2 (facts and status text of public exports); Microsoft Graph resources userRegistrationDetails, unifiedRoleAssignmentScheduleInstance, conditionalAccessPolicy and identitySecurityDefaultsEnforcementPolicy"
  differences = ["Under security defaults Microsoft's counts read 0 of 0, with all points; a tenant of 2023 got a share all the same. See security_defaults_award_full_points."]
}
