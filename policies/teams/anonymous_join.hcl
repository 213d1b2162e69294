control "meeting_restrictanonymousjoin_v1" {
  title       = "Restrict anonymous users from joining meetings"
  description = "People who haven't signed in can't join meetings. The setting of the organization decides; where it is open, every meeting policy has to rule it out, since the evidence doesn't say whom a policy is assigned to."
  category    = "apps"
  product     = "microsoft_teams"
  points      = 1
  tier        = "core"
  difficulty  = "low"
  user_impact = "low"
  threats     = ["data_exfiltration", "account_breach"]
  confidence  = "medium"

  setting {}

  context = ["teams.meeting_configuration", "teams.meeting_policies"]

  parameter "left_out" {
    type        = list(string)
    format      = "name"
    default     = ["Tag:AllOff", "Tag:AllOn", "Tag:Default", "Tag:Kiosk", "Tag:RestrictedAnonymousAccess", "Tag:RestrictedAnonymousNoRecording"]
    description = "Policies that don't count. To begin with, those that Microsoft delivers and nobody can change; add custom policies that are assigned to nobody."
  }

  prerequisite { license = "teams" }

  implementation {
    manage_url = "https://admin.teams.microsoft.com/meetings/settings"
    steps      = ["Open Meetings, Meeting settings in the Teams admin center.", "Turn off that anonymous users can join a meeting, and save."]
    learn_more = { "Meeting settings" = "https://learn.microsoft.com/microsoftteams/meeting-settings-in-teams" }
  }

  frameworks = { nist_csf = ["PR.AA-03"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
