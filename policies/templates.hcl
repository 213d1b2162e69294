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

  prerequisite {
    license = "defender_cloud_apps"
  }

  implementation {
    manage_url = "https://security.microsoft.com/cloudapps/app-connectors"
  }

  source = "Secure Score control profiles as exported in mohammedsiddiqui6872/Microsoft-Secure-Score-Assessment-Toolkit@659ae562 and KelvinTegelaar/CIPP@28fb1c4b; rules of low confidence as the remediation in the former says @1cd2a632; names of settings are this catalog's own"
}
