control "aad_managed_approved_public_groups_only" {
  requires_source = "defender_cloud_apps.office_365_connector"

  title    = "Ensure that only organizationally managed/approved public groups exist"
  category = "identity"
  product  = "entra_id"
  points   = 3
  tier     = "core"
  threats  = ["data_exfiltration"]

  description = <<-EOT
    Counts Microsoft 365 groups, and is complete when none of them is public. Groups that the organization wants to be public are named in
    the parameter approved_groups.
  EOT

  coverage "entra.groups" {
    when_empty = "full"
    credit     = "all_or_nothing"
  }

  parameter "approved_groups" {
    type        = list(string)
    format      = "id"
    default     = []
    description = "Object ids of the groups that may be public."
  }

  user_impact_text = "Who wants to see a team's files and conversations asks one of its owners."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/GroupsManagementMenuBlade/~/AllGroups"
    steps = [
      "List the public Microsoft 365 groups and their owners.",
      "Ask the owners whether everybody in the organization should read what is in the group.",
      "Set the others to private, and name the approved ones in the parameter approved_groups.",
    ]
  }
  frameworks = { mitre_attack = ["T1213.002"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile aad_managed_approved_public_groups_only (facts and remediation of public exports); Microsoft Graph resource group, visibility"
}
