control "mip_sensitivitylabelspolicies" {
  title       = "Publish M365 sensitivity label data classification policies"
  description = "Everybody with a mailbox is offered at least one sensitivity label, by a policy that is on, for the whole organization, and reaches them: as everybody, by an address, or through a group."
  category    = "data"
  product     = "purview"
  points      = 2
  tier        = "core"
  difficulty  = "moderate"
  user_impact = "high"
  threats     = []

  coverage "exchange.mailboxes" {
    when_empty = "full"
    join "groups" {
      dataset   = "exchange.group_members"
      on        = "member"
      many      = true
      unmatched = "ignore"
    }
  }

  context = ["purview.label_policies"]

  prerequisite { license = "information_protection" }

  user_impact_text = "People are asked to choose labels, or find that some were chosen for them."
  implementation {
    manage_url = "https://purview.microsoft.com/informationprotection/labelpolicies"
    steps = [
      "Open Information protection, Label policies in the Microsoft Purview portal.",
      "Publish labels to the people whom the assessment names, or to everybody.",
      "Wait a day: new labels take some time to appear in apps.",
    ]
    learn_more = { "Publish sensitivity labels" = "https://learn.microsoft.com/purview/create-sensitivity-labels" }
  }

  frameworks = { nist_csf = ["ID.AM-07"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151"
}
