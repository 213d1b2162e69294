# The two policies of Microsoft Entra ID Protection: one rule, which differs in the kind of risk and in what answers it.

defaults {
  category    = "identity"
  product     = "entra_id"
  points      = 7
  tier        = "advanced"
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"
  threats     = ["password_cracking", "account_breach"]
  frameworks  = { nist_csf = ["PR.AA-03"] }

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

  parameter "condition" {
    type        = string
    description = "The condition of a policy that names the levels of risk it acts on."
  }
  parameter "answer" {
    type        = string
    description = "What a risk is answered with, unless access is blocked: mfa, or password_change together with multifactor authentication."
  }
  parameter "risk_levels" {
    type        = list(string)
    default     = ["high"]
    description = "The levels of risk that all have to be answered: low, medium, high."
  }
  parameter "security_defaults_award_full_points" {
    type        = bool
    default     = true
    description = "Whether every user complies while security defaults are on, which answer no risk by themselves."
  }

  prerequisite { license = "entra_id_p2" }
}

control "SigninRiskPolicy" {
  title       = "Enable Microsoft Entra ID Identity Protection sign-in risk policies"
  description = <<-EOT
    Counts enabled users, except the accounts that synchronize the directory. A user complies when enabled Conditional Access policies
    together answer sign-ins of high risk, in all cloud apps, by multifactor authentication or by a block. Microsoft recommends medium and
    high; the parameter risk_levels says which ones have to be answered. Policies in report-only mode count for nothing, and neither do
    those that leave out platforms, locations or devices, or that exclude a group of which not all members are known. While security
    defaults are on all comply, as in Microsoft's own results; set security_defaults_award_full_points to false, and they do not count.
  EOT
  parameters  = { condition = "signInRiskLevels", answer = "mfa" }

  user_impact_text = "Who signs in from an unusual place or in an unusual way is asked for a second factor."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies"
    steps = [
      "Have all users registered for multifactor authentication: who is not would be locked out by the policy.",
      "Create a Conditional Access policy for all users and all cloud apps with the sign-in risk levels medium and high.",
      "Require multifactor authentication, and a sign-in frequency of every time.",
      "Try it in report-only mode, then turn it on.",
    ]
    learn_more = { "Risk policies" = "https://learn.microsoft.com/en-us/entra/id-protection/howto-identity-protection-configure-risk-policies" }
  }
  frameworks = { mitre_attack = ["T1078.004"], scuba = ["MS.AAD.2.3v1"] }
  source     = "Secure Score control profile SigninRiskPolicy (facts and status text of public exports); Microsoft Graph resource conditionalAccessConditionSet"
  differences = [
    "Accounts that synchronize the directory are left out here, as Microsoft advises; accounts that a policy excludes count as failing in both.",
    "Policies for high risk are enough, as in Microsoft's results, although the text asks for medium, too. See risk_levels.",
  ]
}

control "UserRiskPolicy" {
  title       = "Enable Microsoft Entra ID Identity Protection user risk policies"
  description = <<-EOT
    Counts enabled users, except the accounts that synchronize the directory. A user complies when enabled Conditional Access policies
    together answer a high risk of the user, in all cloud apps, by a change of password or Microsoft's risk remediation, each together with
    multifactor authentication, or by a block. In Microsoft's results policies for high risk are enough; the parameter risk_levels says
    which levels have to be answered. Policies in report-only mode and the classic risk policies count for nothing, and neither do those
    that leave out platforms, locations or devices, or that exclude a group of which not all members are known. While security defaults
    are on all comply, as in Microsoft's own results; set security_defaults_award_full_points to false, and they do not count.
  EOT
  parameters  = { condition = "userRiskLevels", answer = "password_change" }

  user_impact_text = "Whose password is believed to have leaked has to prove who they are and choose a new one."
  implementation {
    manage_url = "https://entra.microsoft.com/#view/Microsoft_AAD_ConditionalAccess/ConditionalAccessBlade/~/Policies"
    steps = [
      "Let users reset their own password, with writeback if accounts are synchronized.",
      "Create a Conditional Access policy for all users and all cloud apps with the user risk level high.",
      "Require multifactor authentication and a password change, both of them.",
      "Try it in report-only mode, then turn it on, and turn off the classic user risk policy.",
    ]
    learn_more = { "Risk policies" = "https://learn.microsoft.com/en-us/entra/id-protection/howto-identity-protection-configure-risk-policies" }
  }
  frameworks  = { mitre_attack = ["T1078.004"], scuba = ["MS.AAD.2.1v1"] }
  source      = "Secure Score control profile UserRiskPolicy (facts, remediation and status text of public exports); Microsoft Graph resource conditionalAccessConditionSet"
  differences = ["Accounts that synchronize the directory are left out here, as Microsoft advises; accounts that a policy excludes count as failing in both."]
}
