control "mip_autosensitivitylabelspolicies" {
  title       = "Ensure that Auto-labeling data classification policies are set up and used"
  description = "What everybody with a mailbox sends or stores is labeled by itself, through an auto-labeling policy that is on, acts, is for the whole organization, and covers their mail or all of OneDrive. A policy narrowed to some senders covers only their mail. How Microsoft counts people by a policy's locations is not published."
  category    = "data"
  product     = "purview"
  points      = 1
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []
  confidence  = "medium"

  coverage "exchange.mailboxes" {
    when_empty = "full"
    join "groups" {
      dataset   = "exchange.group_members"
      on        = "member"
      many      = true
      unmatched = "ignore"
    }
  }

  context = ["purview.auto_label_policies"]

  prerequisite { license = "auto_labeling" }

  user_impact_text = "Files and messages get labels, and perhaps encryption, that nobody chose."
  implementation {
    manage_url = "https://purview.microsoft.com/informationprotection/autolabeling"
    steps = [
      "Open Information protection, Auto-labeling policies in the Microsoft Purview portal.",
      "Create a policy that finds the data you hold, for all mailboxes and all of OneDrive, and run it in simulation.",
      "Look at what it would have labeled, and turn the policy on.",
    ]
    learn_more = { "Apply labels automatically" = "https://learn.microsoft.com/purview/apply-sensitivity-label-automatically" }
  }

  frameworks = { nist_csf = ["ID.AM-07"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
