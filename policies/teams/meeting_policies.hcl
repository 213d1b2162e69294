# Every meeting policy has to restrict a setting: the global one and each custom one, since the evidence doesn't say whom a policy is
# assigned to. A new control is a new block, with the field of the policy and the values that are accepted.
defaults {
  category    = "apps"
  product     = "microsoft_teams"
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = []

  setting {}

  context = ["teams.meeting_policies"]

  parameter "setting" {
    type        = string
    description = "Field of a meeting policy."
  }

  parameter "accepted" {
    type        = list(any)
    description = "Values of that field that count as restricted."
  }

  parameter "left_out" {
    type        = list(string)
    format      = "name"
    default     = ["Tag:AllOff", "Tag:AllOn", "Tag:Default", "Tag:Kiosk", "Tag:RestrictedAnonymousAccess", "Tag:RestrictedAnonymousNoRecording"]
    description = "Policies that don't count. To begin with, those that Microsoft delivers and nobody can change; add custom policies that are assigned to nobody."
  }

  prerequisite { license = "teams" }

  implementation {
    manage_url = "https://admin.teams.microsoft.com/policies/meetings"
    steps = [
      "Open Meetings, Meeting policies in the Teams admin center.",
      "Change the setting in the global policy, and in each custom policy that the reasons of the assessment name.",
      "Remove custom policies that nobody is assigned.",
    ]
    learn_more = { "Meeting policies" = "https://learn.microsoft.com/microsoftteams/meeting-policies-overview" }
  }

  frameworks = { nist_csf = ["PR.AA-05"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}

control "meeting_anonymousstartmeeting_v1" {
  title       = "Restrict anonymous users from starting Teams meetings"
  description = "A meeting can't be started by people who haven't signed in."
  points      = 1
  parameters  = { setting = "allowAnonymousUsersToStartMeeting", accepted = [false] }
  frameworks  = { mitre_attack = ["T1078.001"], scuba = ["MS.TEAMS.1.2v2"] }
}

control "meeting_autoadmitusers_v1" {
  title       = "Only invited users should be automatically admitted to Teams meetings"
  description = "Whoever was not invited waits in the lobby. Letting in the organizer alone is stricter and counts too."
  points      = 2
  confidence  = "medium"
  parameters  = { setting = "autoAdmittedUsers", accepted = ["InvitedUsers", "OrganizerOnly"] }
  frameworks  = { scuba_related = ["MS.TEAMS.1.3v1"] }
}

control "meeting_designatedpresenter_v1" {
  title       = "Configure which users are allowed to present in Teams meetings"
  description = "Only the organizer presents, unless the meeting says otherwise."
  points      = 2
  parameters  = { setting = "designatedPresenterRoleMode", accepted = ["OrganizerOnlyUserOverride"] }
}

control "meeting_externalrequestcontrol_v1" {
  title       = "Limit external participants from having control in a Teams meeting"
  description = "Outsiders can't be given control of what is presented."
  points      = 1
  parameters  = { setting = "allowExternalParticipantGiveRequestControl", accepted = [false] }
  frameworks  = { scuba = ["MS.TEAMS.1.1v1"] }
}

control "meeting_pstnusersbypasslobby_v1" {
  title       = "Restrict dial-in users from bypassing a meeting lobby"
  description = "People who dial in by phone wait in the lobby."
  points      = 1
  parameters  = { setting = "allowPSTNUsersToBypassLobby", accepted = [false] }
  frameworks  = { scuba = ["MS.TEAMS.1.5v1"] }
}
