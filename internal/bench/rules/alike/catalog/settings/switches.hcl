defaults {
  category = "apps"
  product  = "synthetic"
  points   = 2
  tier     = "core"
  threats  = ["data_exfiltration"]
  context  = ["bench.settings"]

  setting {}

  parameter "setting" {
    type        = string
    description = "Id of the setting."
  }

  parameter "level" {
    type        = number
    description = "Lowest level that is strict enough."
  }

  implementation { steps = ["Switch the setting on."] }
  source = "The rules that the budgets of make bench are set with: internal/bench"
}

control "SettingAuditLog" {
  title      = "Switch audit log on, at level 0 or above"
  parameters = { setting = "audit_log", level = 0 }
}

control "SettingMailboxAudit" {
  title      = "Switch mailbox audit on, at level 1 or above"
  parameters = { setting = "mailbox_audit", level = 1 }
}

control "SettingSafeLinks" {
  title      = "Switch safe links on, at level 2 or above"
  parameters = { setting = "safe_links", level = 2 }
}

control "SettingSafeAttachments" {
  title      = "Switch safe attachments on, at level 3 or above"
  parameters = { setting = "safe_attachments", level = 3 }
}

control "SettingAntiPhishing" {
  title      = "Switch anti phishing on, at level 0 or above"
  parameters = { setting = "anti_phishing", level = 0 }
}

control "SettingSpoofIntelligence" {
  title      = "Switch spoof intelligence on, at level 1 or above"
  parameters = { setting = "spoof_intelligence", level = 1 }
}

control "SettingZeroHourPurge" {
  title      = "Switch zero hour purge on, at level 2 or above"
  parameters = { setting = "zero_hour_purge", level = 2 }
}

control "SettingMalwareFilter" {
  title      = "Switch malware filter on, at level 3 or above"
  parameters = { setting = "malware_filter", level = 3 }
}

control "SettingOutboundSpam" {
  title      = "Switch outbound spam on, at level 0 or above"
  parameters = { setting = "outbound_spam", level = 0 }
}

control "SettingCustomerLockbox" {
  title      = "Switch customer lockbox on, at level 1 or above"
  parameters = { setting = "customer_lockbox", level = 1 }
}

control "SettingPasswordProtection" {
  title      = "Switch password protection on, at level 2 or above"
  parameters = { setting = "password_protection", level = 2 }
}

control "SettingRiskySignIns" {
  title      = "Switch risky sign ins on, at level 3 or above"
  parameters = { setting = "risky_sign_ins", level = 3 }
}

control "SettingRiskyUsers" {
  title      = "Switch risky users on, at level 0 or above"
  parameters = { setting = "risky_users", level = 0 }
}

control "SettingSessionSignOut" {
  title      = "Switch session sign out on, at level 1 or above"
  parameters = { setting = "session_sign_out", level = 1 }
}

control "SettingDeviceJoin" {
  title      = "Switch device join on, at level 2 or above"
  parameters = { setting = "device_join", level = 2 }
}
