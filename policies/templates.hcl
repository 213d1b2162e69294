# What controls of several files have in common.

# An app that Defender for Cloud Apps is connected to. Each control asks something of the settings of every connected instance; a tenant
# without one is not asked. A new control is a new block: its parameters name the settings, as the evidence does.
template "connected_app" {
  rule       = "connected_app"
  category   = "apps"
  tier       = "core"
  confidence = "medium"

  coverage "saas.apps" {
    when_empty = "not_applicable"
    credit     = "all_or_nothing"
  }

  parameter "enabled" {
    type        = list(string)
    default     = []
    description = "Settings that have to be on."
  }

  parameter "disabled" {
    type        = list(string)
    default     = []
    description = "Settings that have to be off."
  }

  parameter "one_of" {
    type        = map(list(string))
    default     = {}
    description = "Values that a setting may have, in any case."
  }

  parameter "at_least" {
    type        = map(number)
    default     = {}
    description = "The least that a setting may be."
  }

  parameter "at_most" {
    type        = map(number)
    default     = {}
    description = "The most that a setting may be. Zero is no limit, and so too much."
  }

  prerequisite { license = "defender_cloud_apps" }

  implementation { manage_url = "https://security.microsoft.com/cloudapps/app-connectors" }

  source      = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules of low confidence as the remediation in the former says @1cd2a632; names of settings are this catalog's own"
  differences = ["Microsoft shows, and counts, an action for each connected instance of the app; here it is one action, complete when every instance complies."]
}

# What the one policy that is in force for a mailbox has to be, measured over people's mailboxes. A new control is a new block: its
# parameters say what it asks for, by the names of the policy's fields. A new family is a new file: it says which documents hold its rules
# and policies (an order without presets or Built-in protection leaves them out), in which field a rule names its policy, and all fields
# that parameters may name.
template "mail_policy" {
  rule       = "mail_policy"
  category   = "apps"
  product    = "defender_office_365"
  tier       = "core"
  difficulty = "moderate"
  threats    = []

  coverage "exchange.mailboxes" {
    when_empty = "full"
    join "groups" {
      dataset   = "exchange.group_members"
      on        = "member"
      many      = true
      unmatched = "ignore"
    }
  }

  context "groups" { dataset = "exchange.groups" }
  context "presets" {}
  context "built_in" {}

  constants = {
    direction = "inbound"   # or "outbound": rules name senders
    fallback  = "isDefault" # the field of the policy that covers whoever no rule takes
    always    = []          # what every control asks for, beside its parameters
  }

  parameter "enabled" {
    type        = list(string)
    default     = []
    description = "Fields of the policy that have to be true."
  }

  parameter "disabled" {
    type        = list(string)
    default     = []
    description = "Fields of the policy that have to be false."
  }

  parameter "one_of" {
    type        = map(list(string))
    default     = {}
    description = "Values that a field of the policy may have."
  }

  parameter "at_least" {
    type        = map(number)
    default     = {}
    description = "The least that a number of the policy may be."
  }

  parameter "at_most" {
    type        = map(number)
    default     = {}
    description = "The most that a number of the policy may be."
  }

  parameter "filled" {
    type        = list(string)
    default     = []
    description = "Lists of the policy that must have entries."
  }

  parameter "empty" {
    type        = list(string)
    default     = []
    description = "Lists of the policy that must have no entries."
  }

  parameter "service_limit_counts" {
    type        = bool
    default     = true
    description = "Whether a recipient limit of 0, which leaves it at the limit of the service, is low enough."
  }

  implementation {
    learn_more = {
      "How the policy in force is found" = "https://learn.microsoft.com/defender-office-365/how-policies-and-protections-are-combined"
      "Recommended settings"             = "https://learn.microsoft.com/defender-office-365/recommended-settings-for-eop-and-office365"
    }
  }

  frameworks = { nist_csf = ["DE.CM-09"] }
  source     = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; license plans as mapped in Cloud-Harbor-Consulting-LLC/M365-Security-Investment-Report@1d043151; settings of policies from Microsoft Learn, Recommended email and collaboration threat policy settings, and their order from Order and precedence of email protection"
}
