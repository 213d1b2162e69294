# Posture assessments of Defender for Identity: one rule, which differs in the assessment. A new control is a new block with the id of
# the assessment. It is complete when the evidence holds the assessment and nothing is exposed; without the assessment it earns nothing.

defaults {
  category    = "identity"
  product     = "defender_identity"
  points      = 5
  tier        = "core"
  difficulty  = "low"
  threats     = []
  user_impact = "high"
  frameworks  = { nist_csf = ["PR.AA-05"] }

  setting {}
  context = ["defender_identity.assessments"]

  parameter "assessment" {
    type        = string
    format      = "id"
    description = "The assessment that has to name no exposed entity."
  }
  parameters = { assessment = control.id }

  prerequisite { license = "defender_identity" }

  implementation {
    manage_url = "https://security.microsoft.com/securescore?viewid=actions"
    steps = [
      "Open the assessment and export what it names.",
      "Ask the owners what of it is still needed.",
      "Remove or change the rest as the assessment advises, and see that it leaves the list.",
    ]
    learn_more = { "Security posture assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-assessment" }
  }
  source = "Secure Score control profiles of Defender for Identity (facts and remediation of public exports: full points once every exposed entity is remediated, and points for a part are not documented); Microsoft Learn, security posture assessments of Defender for Identity"
}

# Accounts of Active Directory.

control "AATP_AccountWithLeakedCredentials" {
  title       = "Change password for accounts with leaked credentials"
  description = "No account still has a password that is known to have leaked."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1078.004", "T1110.004"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "People whose password leaked have to choose another one."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Look through their recent sign-ins for some that their owners don't know.",
      "Reset the passwords, and tell the owners not to use the old ones anywhere.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_AccountsWithNonDefaultPrimaryGroup" {
  title       = "Accounts with non-default Primary Group ID"
  description = "The primary group of every account is the default of its kind: 513 or 514 for users, 515 for computers, 516 for domain controllers, 521 for read-only ones."
  user_impact = "low"

  user_impact_text = "An account whose primary group gave it access loses that access, unless it becomes a member of the group."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Find out which of them need the group that is now their primary one, and make those ordinary members of it.",
      "Set the primary group of each account back to the default of its kind.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_AdAccountWithPotentiallyLeakedCredentials" {
  title       = "Change password for on-prem account with potentially leaked credentials"
  description = "No account of Active Directory still has a password that is known to have leaked."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1078.002", "T1110.004"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "People whose password leaked have to choose another one."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Look through their recent sign-ins for some that their owners don't know.",
      "Reset the passwords, and tell the owners not to use the old ones anywhere.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_AdminSDHolder" {
  title       = "Remove access rights on suspicious accounts with the Admin SDHolder permission"
  description = "No account that is not sensitive has rights on AdminSDHolder, the object whose permissions are copied to all protected accounts and groups."
  user_impact = "low"
  confidence  = "medium"

  user_impact_text = "Whoever administered protected accounts by these rights no longer can."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Find out who gave them the rights, and for what.",
      "Remove their entries from the permissions of CN=AdminSDHolder,CN=System in the domain.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_BuiltinAdministratorAccountWithOldPassword" {
  title       = "Change password of built-in domain Administrator account"
  description = "The password of the built-in Administrator of every domain was changed within the last 180 days."
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1078.001"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "Tasks and services that run as this account need the new password."
  implementation {
    steps = [
      "Open the assessment to see in which domains the password is old.",
      "Find out whether anything still runs as the account, and give that an account of its own.",
      "Reset the password, and keep the new one where only those who may use it can read it.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_BuiltinKrbtgtAccountWithOldPassword" {
  title       = "Change password for krbtgt account"
  description = "The password of krbtgt, with which Kerberos tickets are made, was changed within the last 180 days."
  frameworks  = { mitre_attack = ["T1558.001"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "Tickets that were made with the old password stop working, so people and services may have to sign in again."
  implementation {
    steps = [
      "Open the assessment to see in which domains the password is old.",
      "Check that the domain controllers replicate with each other.",
      "Reset the password, wait until the change is everywhere and the tickets of before have expired, and reset it once more.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_ClearText" {
  title       = "Stop clear text credentials exposure"
  description = "Nothing sent credentials in clear text, as simple LDAP binds do, in the last 30 days."
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1040"], nist_csf = ["PR.DS-02"] }

  user_impact_text = "Applications that can only bind in clear text stop working once signing is required."
  implementation {
    steps = [
      "Open the assessment and export the entities.",
      "Find the applications on them that bind in clear text, and let them use LDAPS or signed binds.",
      "When no more are seen, require LDAP signing on the domain controllers.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_DormantAccounts" {
  title       = "Remove dormant accounts from sensitive groups"
  description = "No account of a sensitive group went unused for 180 days."
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1078.002"], nist_csf = ["PR.AA-01", "PR.AA-05"] }

  implementation {
    steps = [
      "Open the assessment and export the dormant accounts.",
      "Ask the owner of each account whether it is still needed.",
      "Take it out of the sensitive group, or disable it.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_ExposedPasswordsInADAttributes" {
  title       = "Remove discoverable passwords in Active Directory account attributes"
  description = "No attribute of an account, which everybody in the domain may read, holds a password."
  points      = 8
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1552"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "Whoever looked the password up in the directory needs another place for it."
  implementation {
    steps = [
      "Open the assessment, export the accounts, and look whether what was found is a password.",
      "Delete the text from the attribute; masking a part of it is not enough.",
      "Reset the password, since others may have read it.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_InactiveServiceAccounts" {
  title       = "Remove stale service accounts"
  description = "No service account went without a sign-in for 90 days."
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1078.002"], nist_csf = ["PR.AA-01"] }

  implementation {
    steps = [
      "Open the assessment and export the stale service accounts.",
      "Find out which service each of them belonged to.",
      "Disable it, wait, and delete it when nothing breaks.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_KerberosDelegations" {
  title       = "Modify unsecure Kerberos delegations to prevent impersonation"
  description = "Only domain controllers have unconstrained delegation; constrained and resource-based delegation reach nothing sensitive."
  user_impact = "low"
  confidence  = "medium"

  user_impact_text = "A service that passes on the identity of its users fails until its delegation names the services that it needs."
  implementation {
    steps = [
      "Open the assessment and export the entities.",
      "Replace unconstrained delegation by delegation to the services that each of them calls.",
      "Take sensitive entities out of what constrained and resource-based delegation name.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_NonAdminDCSyncAccounts" {
  title       = "Remove non-admin accounts with DCSync permissions"
  description = "Only administrators may replicate the whole directory, password hashes included."
  frameworks  = { mitre_attack = ["T1003.006"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "A service that replicates the directory stops when its account loses the permission."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Find out which of them belong to a service that has to replicate the directory, such as Entra Connect.",
      "From the others, take the permissions Replicating Directory Changes and Replicating Directory Changes All on the domain.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_PrivilegedAccountsWithDelegationAllowed" {
  title       = "Ensure privileged accounts are not delegated"
  description = "Every privileged account is marked as sensitive, so that no service can act in its name."

  user_impact_text = "Services that act in the name of a privileged account no longer can."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Check that no service depends on delegation of any of them.",
      "Set \"Account is sensitive and cannot be delegated\" in the options of the account; for computers, use Set-ADAccountControl -AccountNotDelegated $true.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_PwdLAPS" {
  title       = "Protect and manage local admin passwords with Microsoft LAPS"
  description = "Every Windows device of the domain that can have LAPS has it, and its local administrator got another password within the last 60 days."
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1078.003"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "Support staff look up the password of each device when they need it."
  implementation {
    steps = [
      "Open the assessment and export the devices.",
      "Extend the schema for Windows LAPS where that was not done, and let computers write their passwords.",
      "Turn LAPS on by policy for the devices, and see that their passwords change.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_SIDHistory" {
  title       = "Remove unsecure SID history attributes from entities"
  description = "No account carries a risky SID of its past in SID History."
  user_impact = "low"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1134.005"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "Access that rests on a SID of before is lost, so give the account that access first."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Find out what still depends on the old SIDs, and grant it to the accounts of today.",
      "Remove the values of sIDHistory with Set-ADUser -Remove.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_SingleManagedServiceAccountsWithOldPassword" {
  title       = "Rotate old password for sMSA and set up valid rotation interval in the GPO"
  description = "The passwords of standalone managed service accounts are fresh, and group policy lets them change in time."
  points      = 6
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"
  frameworks  = { nist_csf = ["PR.AA-01"] }

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Check in group policy that the hosts of these accounts may change computer passwords, and how often.",
      "Reset the old passwords with Reset-ADServiceAccountPassword on the host, and see that the service starts.",
    ]
  }
}

control "AATP_GroupManagedServiceAccountWithUnrecommendedPasswordChangeInterval" {
  title       = "Set a valid password rotation interval for gMSA"
  description = "The passwords of group managed service accounts change at an interval that is recommended."
  points      = 6
  difficulty  = "high"
  user_impact = "moderate"
  confidence  = "medium"
  frameworks  = { nist_csf = ["PR.AA-01"] }

  user_impact_text = "The interval is fixed when such an account is made, so services move to a new one."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Make a new account with a valid interval for each of them.",
      "Move the services to it, and remove the old account.",
    ]
  }
}

control "AATP_UnsecureAccount" {
  title       = "Resolve unsecure account attributes"
  description = "No account goes without pre-authentication, may lack a password, stores it reversibly or knows only weak encryption, and no sensitive one has a service principal name."
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1556.005", "T1558.003", "T1558.004"], nist_csf = ["PR.AA-01"] }

  implementation {
    steps = [
      "Open the assessment and export the accounts with what is wrong about each.",
      "Clear the option, or allow AES encryption; where a password was stored weakly, reset it.",
      "Move service principal names from sensitive accounts to service accounts.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
}

control "AATP_WeakCipher" {
  title       = "Stop weak cipher usage"
  description = "Nothing is seen to use RC4 or DES in Kerberos."
  user_impact = "low"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1558.003"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Systems that know no AES can't sign in with Kerberos any more."
  implementation {
    steps = [
      "Open the assessment and export the entities.",
      "Find out why each of them uses a weak cipher: an old system, a setting, or a password from before AES.",
      "Update the system, allow AES or reset the password, and then forbid the weak ciphers.",
    ]
  }
}

control "AATP_PathRisk" {
  title       = "Reduce lateral movement path risk to sensitive entities"
  description = "No way leads to a sensitive account over devices on which credentials of others can be taken."
  user_impact = "low"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and look at the paths to each sensitive account.",
      "Take local administrator rights away where the path needs them and nobody else does.",
      "Let sensitive accounts sign in only to devices of their own tier.",
    ]
  }
}

# Certificate services.

control "AATP_ADCSCertificateTemplateEnrolementSuppliesSubject" {
  title       = "Prevent users to request a certificate valid for arbitrary users based on the certificate template (ESC1)"
  description = "No template lets just anybody ask for a certificate that authenticates as whomever the request names."
  difficulty  = "moderate"
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Requests that name another subject are refused, or wait for approval."
  implementation {
    steps = [
      "Open the assessment and export the templates.",
      "Find out who enrolls with each of them, and stop publishing those that nobody needs.",
      "For the others, build the subject from the directory, limit who may enroll, or require the approval of a manager.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSMisconfiguredCertificateTemplateEku" {
  title       = "Edit overly permissive Certificate Template with privileged EKU (Any purpose EKU or No EKU) (ESC2)"
  description = "No template that broad groups may enroll with gives certificates for any purpose, or without a purpose, unless a manager approves."
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Some who could enroll no longer can, or wait for approval."
  implementation {
    steps = [
      "Open the assessment and export the templates.",
      "Name the purposes that each of them is really for.",
      "Limit who may enroll, and require the approval of a manager where the purposes must stay wide.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSMisconfiguredCertificateTemplateEnrollmentAgent" {
  title       = "Edit misconfigured enrollment agent certificate template (ESC3)"
  description = "No template that broad groups may enroll with makes enrollment agents, unless a manager approves."
  difficulty  = "moderate"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Some who could enroll for others no longer can, or wait for approval."
  implementation {
    steps = [
      "Open the assessment and export the templates.",
      "Find out who has to enroll for others, and stop publishing templates that nobody needs.",
      "Limit who may enroll, require the approval of a manager, and restrict enrollment agents on the authority.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSMisconfiguredCertificateTemplateAcl" {
  title       = "Edit misconfigured certificate templates ACL (ESC4)"
  description = "No broad group may change a certificate template."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "Whoever changed templates by membership in a broad group no longer can."
  implementation {
    steps = [
      "Open the assessment and export the templates.",
      "Find out why each of them may be changed by so many.",
      "Remove the entries that let broad groups write, and stop publishing templates that nobody needs.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSMisconfiguredCertificateTemplateOwner" {
  title       = "Edit misconfigured certificate templates owner (ESC4)"
  description = "No broad group owns a certificate template."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "Whoever changed templates by membership in a broad group no longer can."
  implementation {
    steps = [
      "Open the assessment and export the templates.",
      "Find out how each of them came to its owner.",
      "Make a privileged account that is watched, or a group of such, the owner.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSSanSpecifiedByUserEnabled" {
  title       = "Edit vulnerable Certificate Authority setting (ESC6)"
  description = "No certificate authority lets a request add alternative names of its own choice: EDITF_ATTRIBUTESUBJECTALTNAME2 is not set."
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Requests that name alternative subjects as an attribute get certificates without them."
  implementation {
    steps = [
      "Open the assessment to see which authorities are set so.",
      "Find out who relies on it, and give them a template that fits.",
      "Run certutil -setreg policy\\EditFlags -EDITF_ATTRIBUTESUBJECTALTNAME2 on the authority, and restart its service.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSMisconfiguredCertificateAuthorityAcl" {
  title       = "Edit misconfigured Certificate Authority ACL (ESC7)"
  description = "No broad group may manage a certificate authority or the certificates that it issues."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "Whoever approved requests by membership in a broad group no longer can."
  implementation {
    steps = [
      "Open the assessment to see which authorities are concerned.",
      "Find out who has to manage them, and grant that by name.",
      "Remove Manage CA and Issue and Manage Certificates from broad groups in the security of the authority.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSInsecureCertificateEnrollmentIisEndpoints" {
  title       = "Edit insecure certificate enrollment IIS endpoints (ESC8)"
  description = "Web enrollment takes no NTLM, or else only over TLS with extended protection."
  user_impact = "moderate"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1557", "T1649"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Clients that can do neither can't enroll over the web any more."
  implementation {
    steps = [
      "Open the assessment and export the endpoints.",
      "Remove web enrollment where nobody uses it.",
      "Elsewhere, turn NTLM off in IIS, or require SSL and Extended Protection.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSMisconfiguredRpcEnrollmentSigning" {
  title       = "Enforce encryption for RPC certificate enrollment interface (ESC11)"
  description = "Every certificate authority takes requests over RPC only encrypted: IF_ENFORCEENCRYPTICERTREQUEST is set."
  user_impact = "moderate"
  frameworks  = { mitre_attack = ["T1557", "T1649"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Old clients that can't encrypt their requests can't enroll any more."
  implementation {
    steps = [
      "Open the assessment to see which authorities are concerned.",
      "Find out for which clients the flag was cleared.",
      "Run certutil -setreg CA\\InterfaceFlags +IF_ENFORCEENCRYPTICERTREQUEST on the authority, and restart its service.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

control "AATP_ADCSCertificateTemplateArbitraryAppPolicies" {
  title       = "Prevent Certificate Enrollment with arbitrary Application Policies (ESC15)"
  description = "No template of the first schema version with a subject from the request is open to unprivileged users, unless the servers are patched against CVE-2024-49019."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1649"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Some who could enroll with such a template no longer can."
  implementation {
    steps = [
      "Open the assessment and export the templates.",
      "Install the update against CVE-2024-49019 on the servers of certificate services.",
      "Build the subject of the templates from the directory, or limit who may enroll.",
    ]
    learn_more = { "Certificates assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/certificates" }
  }
}

# Group policy.

control "AATP_GroupPolicyAbnormalModificationAssignment" {
  title       = "GPO can be modified by unprivileged accounts"
  description = "No account without privileges may change a group policy."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1484.001"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "Whoever changed policies by these permissions no longer can."
  implementation {
    steps = [
      "Open the assessment and export the policies.",
      "Find out who has to edit each of them.",
      "Remove the permissions of everybody else.",
    ]
    learn_more = { "Group policy assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/group-policy" }
  }
}

control "AATP_GroupPolicyAssignsUnprivilegedIdentitiesToElevatedLocalGroups" {
  title       = "GPO assigns unprivileged identities to local groups with elevated privileges"
  description = "No group policy makes accounts without privileges members of powerful local groups."
  points      = 7
  confidence  = "medium"

  user_impact_text = "People lose the local rights that the policy gave them."
  implementation {
    steps = [
      "Open the assessment and export the policies.",
      "Find out which memberships are needed, and by whom.",
      "Take the others out of the policy.",
    ]
    learn_more = { "Group policy assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/group-policy" }
  }
}

control "AATP_GroupPolicyPasswordInPreferences" {
  title       = "Reversible passwords found in GPOs"
  description = "No group policy holds a password that everybody in the domain could read and decrypt."
  points      = 8
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1552.006"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "What the preference set with the password, such as a local account or a task, has to be set in another way."
  implementation {
    steps = [
      "Open the assessment and export the policies.",
      "Set what they did in another way, such as LAPS for local administrators.",
      "Delete the preferences that hold passwords, and change those passwords.",
    ]
    learn_more = { "Group policy assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/group-policy" }
  }
}

# Entra Connect.

control "AATP_AzureSsoAccountOldPasswords" {
  title       = "Change password for Entra seamless SSO account"
  description = "The computer account of seamless single sign-on changed its password within the last 90 days."
  frameworks  = { mitre_attack = ["T1558.002"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "Single sign-on fails for those who hold a ticket of before, until they get another."
  implementation {
    steps = [
      "Open the assessment to see which accounts are concerned.",
      "Roll over the Kerberos key on the server of Entra Connect with Update-AzureADSSOForest, once for each forest.",
      "Plan to do it again before the key is old.",
    ]
    learn_more = { "Hybrid security assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/hybrid-security" }
  }
}

control "AATP_EntraConnectAccountsOldPasswords" {
  title       = "Rotate password for Entra Connect AD DS Connector account"
  description = "The accounts by which Entra Connect reads Active Directory changed their passwords within the last 90 days."
  points      = 3
  frameworks  = { nist_csf = ["PR.AA-01"] }

  user_impact_text = "Synchronization stops from the reset until Entra Connect knows the new password."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Reset the password of each in Active Directory.",
      "Give Entra Connect the new one in the Synchronization Service Manager, and restart its service.",
    ]
    learn_more = { "Hybrid security assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/hybrid-security" }
  }
}

control "AATP_EntraConnectAccountsWithConnectorAccountAsDefaultAdmin" {
  title       = "Replace Enterprise or Domain Admin account for Entra Connect AD DS Connector account"
  description = "No account by which Entra Connect reads Active Directory is a Domain Admin or Enterprise Admin, not even by way of another group."
  points      = 3
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1078.002"], nist_csf = ["PR.AA-05"] }

  implementation {
    steps = [
      "Open the assessment and export the accounts with their groups.",
      "Make an account that has only the permissions of a connector, or grant those to the account at hand.",
      "Let Entra Connect use it, and take the old account out of the groups.",
    ]
    learn_more = { "Hybrid security assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/hybrid-security" }
  }
}

control "AATP_EntraConnectAccountUnnecessaryReplicationPermission" {
  title       = "Remove unnecessary replication permissions for Entra Connect AD DS Connector Account"
  description = "Where password hashes are not synchronized, the accounts by which Entra Connect reads Active Directory may not replicate it."
  points      = 8
  frameworks  = { mitre_attack = ["T1003.006"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "Anything else that replicates the directory with these accounts stops."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Check that password hash synchronization is off and stays off, and that no other application needs the permission.",
      "Take the permissions Replicating Directory Changes and Replicating Directory Changes All from the accounts.",
    ]
    learn_more = { "Hybrid security assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/hybrid-security" }
  }
}

control "AATP_EntraConnectSensitiveAccountsWithUnsafePermissions" {
  title       = "Remove unsafe permissions on sensitive Entra Connect accounts"
  description = "Nobody without privileges has permissions over the accounts of Entra Connect by which they could be taken over."
  points      = 9
  user_impact = "low"
  confidence  = "medium"

  implementation {
    steps = [
      "Open the assessment and look at the permissions that it names.",
      "Find out who gave them, and for what.",
      "Remove them from the accounts.",
    ]
    learn_more = { "Hybrid security assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/hybrid-security" }
  }
}

# Servers and domains.

control "AATP_BuiltinGuestAccountIsEnabled" {
  title       = "Built-in Active Directory Guest account is enabled"
  description = "The built-in Guest account of every domain is disabled."
  user_impact = "moderate"
  frameworks  = { mitre_attack = ["T1078.001"], nist_csf = ["PR.AA-01"] }

  user_impact_text = "Whatever came in as a guest needs an account of its own."
  implementation {
    steps = ["Open the assessment to see in which domains the account is enabled.", "Find out what still signs in with it.", "Disable it."]
    learn_more = {
      "Identity infrastructure assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/identity-infrastructure"
    }
  }
}

control "AATP_DnsAdminsGroupWithUnsafePermissions" {
  title       = "Unsafe permissions on the DnsAdmins group"
  description = "Nobody without privileges has permissions over the group DnsAdmins."
  points      = 8
  confidence  = "medium"

  user_impact_text = "Whoever managed the group by these permissions no longer can."
  implementation {
    steps = [
      "Open the assessment and look at the permissions that it names.",
      "Find out who has to manage the group.",
      "Remove the permissions of everybody else.",
    ]
  }
}

control "AATP_DomainControllerLocalUsers" {
  title       = "Remove local admins on identity assets"
  description = "Only those who are expected to are local administrators of the servers that hold identities."
  confidence  = "medium"

  user_impact_text = "Whoever administered such a server by local rights no longer can."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Find out who has to administer each server.",
      "Remove everybody else from its administrators.",
    ]
    learn_more = {
      "Identity infrastructure assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/identity-infrastructure"
    }
  }
}

control "AATP_DomainControllersWithOldPassword" {
  title       = "Change Domain Controller computer account old password"
  description = "No computer account of a domain controller has a password older than 45 days."
  user_impact = "moderate"
  frameworks  = { nist_csf = ["PR.AA-01"] }

  implementation {
    steps = [
      "Open the assessment and export the domain controllers; remove those that no longer exist from the domain.",
      "On the others, check that neither the registry nor group policy keeps Netlogon from changing the password.",
      "See that the Netlogon service runs and that the secure channel is sound (nltest /sc_verify).",
    ]
    learn_more = {
      "Identity infrastructure assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/identity-infrastructure"
    }
  }
}

control "AATP_PrintSpooler" {
  title       = "Disable Print spooler service on domain controllers"
  description = "The print spooler runs on no domain controller."
  user_impact = "low"
  frameworks  = { mitre_attack = ["T1187"], nist_csf = ["PR.PS-01"] }

  user_impact_text = "Domain controllers don't print any more, and no longer remove stale printers from the directory."
  implementation {
    steps = [
      "Open the assessment to see on which domain controllers the service runs.",
      "Move print queues from them to another server.",
      "Stop the Print Spooler and disable it, by group policy for all domain controllers.",
    ]
    learn_more = {
      "Identity infrastructure assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/identity-infrastructure"
    }
  }
}

control "AATP_UnsecureDomain" {
  title       = "Resolve unsecure domain configurations"
  description = "No domain has a configuration that is known to be weak, such as LDAP signing that is not enforced."
  difficulty  = "high"
  user_impact = "low"
  confidence  = "medium"
  frameworks  = { nist_csf = ["PR.PS-01"] }

  implementation {
    steps = [
      "Open the assessment to see what is weak about each domain.",
      "Look in the logs of the domain controllers for clients that depend on it, and update them.",
      "Change the configuration.",
    ]
    learn_more = {
      "Identity infrastructure assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/identity-infrastructure"
    }
  }
}

# Accounts of Okta and CyberArk. These assessments exist where the directory is connected.

control "AATP_CyberArk_DormantPriviledgedAccounts" {
  title       = "Remove stale CyberArk Identity privileged accounts"
  description = "No privileged account of CyberArk Identity is stale."
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-01", "PR.AA-05"] }

  user_impact_text = "Whoever comes back has to ask for the account again."
}

control "AATP_CyberArk_HighNumberOfPriviledgedIdentityAccounts" {
  title       = "High number of CyberArk Identity accounts with a privileged role assigned"
  description = "No more accounts of CyberArk Identity have a privileged role than the assessment allows."
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"

  user_impact_text = "Those who lose a role ask others for what they did with it."
}

control "AATP_CyberArk_HighNumberOfSystemAdmins" {
  title       = "Limit the number of CyberArk Identity accounts with system admin role"
  description = "No more accounts of CyberArk Identity are system administrators than the assessment allows."
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"

  user_impact_text = "Those who lose the role ask others for what they did with it."
}

control "AATP_CyberArk_PriviledgedUserAccountsWithOldPasswords" {
  title       = "Change password for CyberArk Identity privileged User accounts"
  description = "No privileged account of CyberArk Identity has an old password."
  points      = 6
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"
  frameworks  = { nist_csf = ["PR.AA-01"] }

  user_impact_text = "Administrators choose a new password."
}

control "AATP_Okta_Dormant" {
  title       = "Remove dormant Okta privileged accounts"
  description = "No privileged account of Okta is dormant."
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-01", "PR.AA-05"] }

  user_impact_text = "Whoever comes back has to ask for the account again."
}

control "AATP_Okta_HighNumberOfNonSuperAdminPrivilegedUserAccounts" {
  title       = "High number of Okta accounts with privileged role assigned"
  description = "No more accounts of Okta have a privileged role, super administrators aside, than the assessment allows."
  confidence  = "medium"

  user_impact_text = "Those who lose a role ask others for what they did with it."
}

control "AATP_Okta_HighNumberOfSuperAdmins" {
  title       = "Limit the Number of Okta Super Admins Accounts"
  description = "No more accounts of Okta are super administrators than the assessment allows."
  confidence  = "medium"

  user_impact_text = "Those who lose the role ask others for what they did with it."
}

control "AATP_Okta_SensitiveAccountWithOldPassword" {
  title       = "Change password for Okta privileged User accounts"
  description = "No privileged account of Okta has an old password."
  points      = 6
  difficulty  = "moderate"
  user_impact = "moderate"
  confidence  = "medium"
  frameworks  = { nist_csf = ["PR.AA-01"] }

  user_impact_text = "Administrators choose a new password."
}

control "AATP_Okta_SensitiveAccountWithoutFactorsAssigned" {
  title       = "Assign multi-factor authentication for Okta privileged user accounts"
  description = "Every privileged account of Okta has a second factor."
  user_impact = "low"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }

  user_impact_text = "Administrators set up a second factor, and are asked for it."
}

control "AATP_Okta_SensitiveApiToken" {
  title       = "Highly Privileged Okta Api Token"
  description = "No API token of Okta carries high privileges."
  difficulty  = "moderate"
  confidence  = "medium"
  frameworks  = { mitre_attack = ["T1528"], nist_csf = ["PR.AA-05"] }

  user_impact_text = "What used the token needs one of an account with fewer rights, or fails."
}

# Accounts of PingOne. What they are worth is not published.

control "AATP_Ping_Dormant" {
  title       = "Remove stale PingOne privileged accounts"
  description = "No privileged account of PingOne goes unused."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  confidence  = "medium"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Ask the owner of each account whether it is still needed.",
      "Take its roles away in PingOne, or disable it.",
    ]
  }
  frameworks = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-01", "PR.AA-05"] }
  source     = "Secure Score control profiles as exported in KelvinTegelaar/CIPP@28fb1c4b:public/secureScore.json, without points"
}

control "AATP_Ping_HighNumberOfNonSuperAdminPrivilegedUserAccounts" {
  title       = "High number of PingOne accounts with a privileged role assigned"
  description = "Not too many accounts of PingOne hold a privileged role other than that of the organization's administrator."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  confidence  = "medium"

  user_impact_text = "Whoever loses the role can no longer do what it was for."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Ask which of them need the role for their work.",
      "Take it from the others in PingOne.",
    ]
  }
  source = "Secure Score control profiles as exported in KelvinTegelaar/CIPP@28fb1c4b:public/secureScore.json, without points"
}

control "AATP_Ping_HighNumberOfSuperAdmins" {
  title       = "Limit the number of PingOne accounts with organization admin role"
  description = "Only a few accounts of PingOne administer the whole organization."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  confidence  = "medium"

  user_impact_text = "Whoever loses the role can no longer administer all of PingOne."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Choose the few that have to administer everything.",
      "Give the others narrower roles in PingOne, or none.",
    ]
  }
  source = "Secure Score control profiles as exported in KelvinTegelaar/CIPP@28fb1c4b:public/secureScore.json, without points"
}

control "AATP_Ping_SensitiveAccountWithOldPassword" {
  title       = "Change password for PingOne privileged User accounts"
  description = "No privileged account of PingOne has an old password."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "medium"

  user_impact_text = "People with privileged accounts have to choose another password."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Let their owners choose new passwords, or reset them in PingOne.",
      "Require by a password policy that they change from then on.",
    ]
  }
  frameworks = { nist_csf = ["PR.AA-01"] }
  source     = "Secure Score control profiles as exported in KelvinTegelaar/CIPP@28fb1c4b:public/secureScore.json, without points"
}

control "AATP_Ping_SensitiveAccountWithoutFactorsAssigned" {
  title       = "Assign multi-factor authentication for PingOne privileged user accounts"
  description = "Every privileged account of PingOne has a second factor."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  user_impact = "low"
  confidence  = "medium"

  user_impact_text = "People with privileged accounts give a second factor when they sign in."
  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Let their owners register a second factor in PingOne.",
      "Require it by an authentication policy.",
    ]
  }
  frameworks = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
  source     = "Secure Score control profiles as exported in KelvinTegelaar/CIPP@28fb1c4b:public/secureScore.json, without points"
}

# Accounts with more rights than they should have. What these assessments are worth is not published.

control "AATP_ServiceAccountsInPrivilegedGroup" {
  title       = "Identify service accounts in privileged groups"
  description = "No service account of Active Directory is a member of a privileged group, directly or through another group."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  confidence  = "medium"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Find out what each account does, and which rights that takes.",
      "Delegate just those rights, and take the account out of the group.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
  frameworks = { mitre_attack = ["T1078.002"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, and titles in DanieMiller/Defender-Secure-Score-App@0c5f3b2:frontend/src/data/recommendations.json; Microsoft Learn, Accounts assessments of Defender for Identity (November 2025)"
}

control "AATP_AccountsInOperatorGroups" {
  title       = "Locate accounts in built-in Operator Groups"
  description = "No user, service account or group is a member of Server Operators, Backup Operators, Print Operators or Account Operators, directly or through another group."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "medium"

  implementation {
    steps = [
      "Open the assessment and export the members.",
      "Find out what each of them does with the group.",
      "Delegate just that, and take them out of the group.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
  frameworks = { mitre_attack = ["T1078.002"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, and titles in DanieMiller/Defender-Secure-Score-App@0c5f3b2:frontend/src/data/recommendations.json; Microsoft Learn, Accounts assessments of Defender for Identity (November 2025)"
}

control "AATP_StaleAccounts" {
  title       = "Remove stale Active Directory accounts"
  description = "No user of Active Directory has gone without signing in for 90 days; accounts of services, and those that are disabled, are left out."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "medium"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Ask the manager of each whether it is still needed.",
      "Disable the account, and delete it after a while.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
  frameworks = { mitre_attack = ["T1078.002"], nist_csf = ["PR.AA-01", "PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, and titles in DanieMiller/Defender-Secure-Score-App@0c5f3b2:frontend/src/data/recommendations.json; Microsoft Learn, Accounts assessments of Defender for Identity (November 2025)"
}

control "AATP_PrivilegedEntraIdAndActiveDirectoryAccounts" {
  title       = "Identify Entra ID privileged accounts that are also privileged in Active Directory"
  description = "No synchronized user holds a privileged role of Microsoft Entra ID and is a member of a highly privileged group of Active Directory."
  stage       = "preview"
  reason      = "its points are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "medium"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Give each administrator a cloud-only account for Microsoft Entra ID.",
      "Take the roles there away from the synchronized account.",
    ]
    learn_more = { "Accounts assessments" = "https://learn.microsoft.com/en-us/defender-for-identity/security-posture-assessments/accounts" }
  }
  frameworks = { mitre_attack = ["T1078.002", "T1078.004"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, and titles in DanieMiller/Defender-Secure-Score-App@0c5f3b2:frontend/src/data/recommendations.json; Microsoft Learn, Accounts assessments of Defender for Identity (November 2025)"
}

control "AATP_ServiceAccountsWithDomainOrGlobalAdminRole" {
  title       = "Take domain and global administrator rights away from service accounts"
  description = "No service account is a domain administrator or a Global Administrator."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Find out what each account does, and which rights that takes.",
      "Delegate just those rights, and take the role away.",
    ]
  }
  frameworks = { mitre_attack = ["T1078.002", "T1078.004"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_ExternalAndGuestUsersWithPrivilegedRoles" {
  title       = "Take privileged roles away from guests and external users"
  description = "No guest and no external user holds a privileged role."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the users.",
      "Give those who work as administrators an account of the organization.",
      "Take the roles away from the guests.",
    ]
  }
  frameworks = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_NonAdminWithPasswordResetOnSensitiveGroups" {
  title       = "Let only administrators reset passwords of members of sensitive groups"
  description = "Nobody but administrators may reset the password of a member of a sensitive group."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "low"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export what it names.",
      "Look up where the right to reset passwords was granted.",
      "Take that right away, or grant it outside of the sensitive groups only.",
    ]
  }
  frameworks = { mitre_attack = ["T1098"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_NonAdminWriteDaclOnSensitiveGroups" {
  title       = "Let only administrators change permissions of sensitive groups"
  description = "Nobody but administrators may change the permissions of a sensitive group (Write DACL)."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "low"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export what it names.",
      "Look up who was granted Write DACL on the groups, and by inheritance from where.",
      "Take that right away.",
    ]
  }
  frameworks = { mitre_attack = ["T1098", "T1222.001"], nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_EnsureNoPrivilegedSaasAppAccountsExistOutsideOfIdpControl" {
  title       = "Put privileged accounts of connected apps under an identity provider"
  description = "No privileged account of a connected app exists that no identity provider manages."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Let each account sign in through the identity provider.",
      "Remove the accounts that are left.",
    ]
  }
  frameworks = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-01"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

# Accounts of SailPoint. What these assessments are worth is not published.

control "AATP_SailPoint_DormantPriviledgedAccounts" {
  title       = "Remove stale SailPoint privileged accounts"
  description = "No privileged account of SailPoint goes unused."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Ask the owner of each account whether it is still needed.",
      "Take its roles away in SailPoint, or disable it.",
    ]
  }
  frameworks = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-01", "PR.AA-05"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_SailPoint_HighNumberOfPriviledgedIdentityAccounts" {
  title       = "High number of SailPoint accounts with a privileged role assigned"
  description = "No more accounts of SailPoint hold a privileged role than the assessment allows."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Ask which of them need the role for their work.",
      "Take the role away from the others in SailPoint.",
    ]
  }
  source = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_SailPoint_HighNumberOfSystemAdmins" {
  title       = "Limit the number of SailPoint accounts with system admin role"
  description = "No more accounts of SailPoint are system administrators than the assessment allows."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Ask which of them need the role for their work.",
      "Take the role away from the others in SailPoint.",
    ]
  }
  source = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_SailPoint_MFAforPriviledgedUserAccounts" {
  title       = "Assign multi-factor authentication for SailPoint privileged user accounts"
  description = "Every privileged account of SailPoint has a second factor."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Let their owners register a second factor.",
      "Require it by an authentication policy.",
    ]
  }
  frameworks = { mitre_attack = ["T1078.004"], nist_csf = ["PR.AA-03"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}

control "AATP_SailPoint_PriviledgedUserAccountsWithOldPasswords" {
  title       = "Change password for SailPoint privileged user accounts"
  description = "No privileged account of SailPoint has an old password."
  stage       = "preview"
  reason      = "its points and its title are not published"
  difficulty  = "unknown"
  user_impact = "moderate"
  confidence  = "low"

  implementation {
    steps = [
      "Open the assessment and export the accounts.",
      "Have their owners choose a new password.",
      "Let passwords of privileged accounts run out, or do without passwords.",
    ]
  }
  frameworks = { nist_csf = ["PR.AA-01"] }
  source     = "Secure Score control profile ids in EmrErbulmus/SecureScoreLens@d14f848c:module/SecureScoreLens/assets/secure_score_tr.json, with the remediation; the title is this catalog's own"
}
