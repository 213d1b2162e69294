control "aad_admin_accounts_separate_unassigned_cloud_only" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title    = "Ensure Administrative accounts are separate and cloud-only"
  category = "identity"
  product  = "entra_id"
  points   = 3
  tier     = "core"
  threats  = ["account_breach"]

  description = <<-EOT
    Counts enabled users who hold one of the 15 administrative roles that Secure Score names, in person or through a group; a role
    that somebody is merely eligible for counts once it is activated. A group that holds such a role counts as one more user, who does not
    comply, unless all of its members are known. It is complete when each of them is managed in the cloud alone and
    has no license for apps: all service plans that a license switches on have to be permitted by the parameter permitted_service_plans. A
    license that is not among the tenant's is taken to have others.
  EOT

  coverage "entra.users" {
    when_empty = "not_applicable"
    credit     = "all_or_nothing"
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
  context = ["entra.group_member_lists", "entra.role_assignments", "entra.subscribed_skus"]

  parameter "permitted_service_plans" {
    type        = list(string)
    default     = ["AAD_PREMIUM", "AAD_PREMIUM_P2", "ADALLOM_S_DISCOVERY", "EXCHANGE_S_FOUNDATION", "MFA_PREMIUM"]
    description = "Names of the service plans that an administrative account may have: by default, all that licenses for Microsoft Entra ID P1 and P2 are made of."
  }

  user_impact_text = "Administrators use a second account for administration, without a mailbox and apps."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles"
    steps = [
      "For everybody who administers with an everyday account, create a separate account in the cloud.",
      "Give it at most a license for Microsoft Entra ID, and no license with apps.",
      "Move the role assignments over, and take them from the everyday and the synchronized accounts.",
    ]
    learn_more = { "Best practices for roles" = "https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/best-practices" }
  }
  frameworks = { mitre_attack = ["T1078.004", "T1556.007"], nist_csf = ["PR.AA-05"], scuba = ["MS.AAD.7.3v1"] }
  source     = "Secure Score control profile aad_admin_accounts_separate_unassigned_cloud_only (facts and remediation of public exports); Microsoft Graph resources user, assignedLicense, subscribedSku and unifiedRoleAssignmentScheduleInstance; plans of Entra ID licenses: Microsoft Learn, Product names and service plan identifiers for licensing"
}
