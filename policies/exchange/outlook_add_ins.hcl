control "exo_outlookaddins" {
  title       = "Ensure users installing Outlook add-ins is not allowed"
  description = "People can't install add-ins in Outlook on their own: an add-in may read the mail of its user. Only the default role assignment policy is judged. It names roles and not what they are derived from, so that a custom role with the permissions of one of these is not recognized: add its name to installing_roles."
  category    = "apps"
  product     = "exchange_online"
  points      = 3
  tier        = "core"
  threats     = ["data_exfiltration", "account_breach"]

  setting {}

  context = ["exchange.role_assignment_policies"]

  parameter "installing_roles" {
    type        = list(string)
    format      = "name"
    default     = ["My Custom Apps", "My Marketplace Apps", "My ReadWriteMailbox Apps"]
    description = "Roles that let people install add-ins."
  }

  prerequisite { license = "exchange" }

  implementation {
    manage_url = "https://admin.exchange.microsoft.com/"
    steps = [
      "Open Roles, User roles in the Exchange admin center and choose the default role assignment policy.",
      "Under permissions, clear My Custom Apps, My Marketplace Apps and My ReadWriteMailbox Apps, and save.",
      "Deploy the add-ins that people need from the Microsoft 365 admin center.",
    ]
    learn_more = { "Role assignment policies" = "https://learn.microsoft.com/exchange/permissions-exo/role-assignment-policies" }
  }

  frameworks = { mitre_attack = ["T1137.006"], nist_csf = ["PR.PS-05"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
