defaults {
  use     = "connected_app"
  product = "github"
  match   = { app = "GitHub" }
  threats = ["data_exfiltration"]

  implementation {
    steps = [
      "As an administrator of GitHub, open the organization's settings: Member privileges, Authentication security, or Verified and approved domains.",
      "Bring each setting that the reasons of the assessment name to what they ask for, in every instance that is connected.",
      "Collect the settings again, and see that no instance is failing any more.",
    ]
    learn_more = {
      "Connect apps"                  = "https://learn.microsoft.com/en-us/defender-cloud-apps/enable-instant-visibility-protection-and-governance-actions-for-your-apps"
      "Organizations in the REST API" = "https://docs.github.com/en/rest/orgs/orgs#get-an-organization"
    }
  }

  frameworks = { nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; names of settings as in GitHub's REST and GraphQL interfaces"
}

control "MDA_GitHub_DependencyInsights" {
  title       = "Disable 'Allow members to view dependency insights'"
  description = "Members do not see which dependencies the whole organization uses."
  points      = 4
  parameters  = { disabled = ["members_can_view_dependency_insights"] }
}

control "MDA_GitHub_EmailNotificationRestrictedToVerifiedOrApprovedDomains" {
  title       = "Enabled 'email notification delivery for this enterprise is restricted to verified or approved domains'"
  description = "Notifications by mail go to addresses of verified or approved domains alone."
  points      = 3
  parameters  = { one_of = { notificationDeliveryRestrictionEnabledSetting = ["ENABLED"] } }
  frameworks  = { nist_csf = ["PR.DS-02"] }
}

control "MDA_GitHub_IPallowListConfigurationForOrgResources" {
  title       = "Enforce IP allow list configuration for org resources"
  description = "The list of allowed addresses takes in what installed GitHub Apps bring along."
  points      = 4
  threats     = ["account_breach", "data_exfiltration"]
  parameters  = { one_of = { ipAllowListForInstalledAppsEnabledSetting = ["ENABLED"] } }
  frameworks  = { nist_csf = ["PR.IR-01"] }
}

control "MDA_GitHub_OutsideCollabInvitation" {
  title       = "Disable 'Allow repository administrators to invite outside collaborators to repositories for this organization"
  description = "Only owners of the organization invite people from outside to its repositories."
  points      = 4
  parameters  = { disabled = ["members_can_invite_outside_collaborators"] }
}

control "MDA_GitHub_PrivateRepositoryForkingSetting" {
  title       = "Disable private repository forking"
  description = "Private and internal repositories can't be forked."
  points      = 7
  parameters  = { disabled = ["members_can_fork_private_repositories"] }
}

control "MDA_GitHub_PublicRepoCreation" {
  title       = "Disable 'Members will be able to create public repositories, visible to anyone'"
  description = "Members can't create repositories that everybody sees."
  points      = 4
  parameters  = { disabled = ["members_can_create_public_repositories"] }
}

control "MDA_GitHub_RepoTransferOrDeletion" {
  title       = "Disable 'members with admin permissions for repositories can delete or transfer repositories'"
  description = "Members with administrative rights to a repository can neither delete it nor give it away."
  points      = 6
  parameters  = { disabled = ["members_can_delete_repositories"] }
}

control "MDA_GitHub_RepoVisibility_change" {
  title       = "Disable 'Allow members to change repository visibilities for this organization'"
  description = "Members can't make a private repository public."
  points      = 6
  parameters  = { disabled = ["members_can_change_repo_visibility"] }
}

control "MDA_GitHub_SAML" {
  title       = "Enable single sign on (SSO)"
  description = "Members of the organization sign in through its identity provider, by SAML."
  points      = 3
  parameters  = { enabled = ["singleSignOnEnabled"] }
  frameworks  = { nist_csf = ["PR.AA-03"] }
}
