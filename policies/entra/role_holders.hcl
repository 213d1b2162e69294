# How many users hold administrative roles: one rule, which differs in the roles and in how many users are asked for.

defaults {
  category    = "identity"
  product     = "entra_id"
  points      = 1
  difficulty  = "low"
  user_impact = "low"
  frameworks  = { nist_csf = ["PR.AA-05"] }

  setting {}
  any_of = ["entra.privileged_role_assignments", "entra.role_assignments"]

  parameter "roles" {
    type        = string
    description = "Which roles are counted: global_administrator, or other_administrators for the 14 others that Secure Score names and Compliance Administrator."
  }
  parameter "minimum" {
    type        = number
    description = "How many holders such a role has to have."
  }
  parameter "holders" {
    type        = list(string)
    default     = ["users"]
    description = "Which holders are counted: users, service principals."
  }
}

control "OneAdmin" {
  title       = "Designate more than one global admin"
  tier        = "core"
  threats     = ["elevation_of_privilege", "account_breach"]
  description = <<-EOT
    Complete when at least two users are assigned Global Administrator now, permanently or for a time. Groups and service principals are not
    counted, nor is a user who is known to be disabled, or a holder of whom the export does not tell what it is: export assignments with
    their principals ($expand=principal).
  EOT
  parameters  = { roles = "global_administrator", minimum = 2 }

  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles"
    steps = [
      "See who is assigned Global Administrator.",
      "Assign the role to a second person, or to an emergency account whose credentials are kept apart.",
      "Keep the number small: everything else is done with narrower roles.",
    ]
    learn_more = {
      "Best practices for roles" = "https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/best-practices"
      "Emergency accounts"       = "https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/security-emergency-access"
    }
  }
  frameworks  = { scuba_related = ["MS.AAD.7.1v1"] }
  source      = "Secure Score control profile OneAdmin (facts and status text of public exports); Microsoft Graph resource unifiedRoleAssignmentScheduleInstance"
  differences = ["Whether Microsoft counts holders of the role who are only eligible is not known; here who holds it now counts."]
}

control "RoleOverlap" {
  title       = "Use least privileged administrative roles"
  tier        = "defense_in_depth"
  confidence  = "medium"
  threats     = ["account_breach", "elevation_of_privilege", "malicious_insider"]
  description = <<-EOT
    Complete when at least two users or service principals hold an administrative role other than Global Administrator: Microsoft's results
    give nothing for one, and count service principals. Which roles Secure Score counts is not published; the rule takes the 14 others that
    it names elsewhere, and Compliance Administrator, which a result names. Groups are not counted, nor is a holder who is known to be
    disabled, or of whom the export does not tell what it is: export assignments with their principals ($expand=principal). For a stricter
    reading, set the parameter holders to users alone.
  EOT
  parameters  = { roles = "other_administrators", minimum = 2, holders = ["users", "service principals"] }

  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/RolesManagementMenuBlade/~/AllRoles"
    steps = [
      "For each Global Administrator, write down the tasks that the person really does.",
      "Assign the narrowest role that allows these tasks, if possible for a limited time.",
      "Remove Global Administrator where it is no longer needed.",
    ]
    learn_more = { "Least privileged roles by task" = "https://learn.microsoft.com/en-us/entra/identity/role-based-access-control/delegate-by-task" }
  }
  frameworks  = { mitre_attack = ["T1098.003", "T1136.003", "T1651"], scuba_related = ["MS.AAD.7.2v1"] }
  source      = "Secure Score control profile RoleOverlap (facts and status text of public exports); Microsoft Graph resource unifiedRoleAssignmentScheduleInstance"
  differences = ["Which roles Microsoft counts is not published. It gave nothing for one holder, and all points for 5, 11 and 12. See minimum and holders."]
}
