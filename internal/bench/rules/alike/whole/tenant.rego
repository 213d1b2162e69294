# The 35 rules about the tenant, over the whole document. Each is in scope once.
package bench.tenant

results[id] := {"in_scope": 1, "failing": count([true | not switched_on(wanted)])} if some id, wanted in switches

results[id] := {"in_scope": 1, "failing": count([true | not limited(setting)])} if some id, setting in domain_lists

results[id] := {"in_scope": 1, "failing": count([true | not role_mfa(role)])} if some id, role in roles

results[id] := {"in_scope": 1, "failing": count([true | not limited_sessions(hours)])} if some id, hours in frequencies

results[id] := {"in_scope": 1, "failing": count([true | not few_exclusions(most)])} if some id, most in exclusions

switches := {
	"SettingAuditLog": {"setting": "audit_log", "level": 0},
	"SettingMailboxAudit": {"setting": "mailbox_audit", "level": 1},
	"SettingSafeLinks": {"setting": "safe_links", "level": 2},
	"SettingSafeAttachments": {"setting": "safe_attachments", "level": 3},
	"SettingAntiPhishing": {"setting": "anti_phishing", "level": 0},
	"SettingSpoofIntelligence": {"setting": "spoof_intelligence", "level": 1},
	"SettingZeroHourPurge": {"setting": "zero_hour_purge", "level": 2},
	"SettingMalwareFilter": {"setting": "malware_filter", "level": 3},
	"SettingOutboundSpam": {"setting": "outbound_spam", "level": 0},
	"SettingCustomerLockbox": {"setting": "customer_lockbox", "level": 1},
	"SettingPasswordProtection": {"setting": "password_protection", "level": 2},
	"SettingRiskySignIns": {"setting": "risky_sign_ins", "level": 3},
	"SettingRiskyUsers": {"setting": "risky_users", "level": 0},
	"SettingSessionSignOut": {"setting": "session_sign_out", "level": 1},
	"SettingDeviceJoin": {"setting": "device_join", "level": 2},
}

domain_lists := {
	"DomainsSharepointSharing": "sharepoint_sharing",
	"DomainsOnedriveSharing": "onedrive_sharing",
	"DomainsTeamsFederation": "teams_federation",
	"DomainsCalendarSharing": "calendar_sharing",
	"DomainsMailForwarding": "mail_forwarding",
	"DomainsGuestInvitations": "guest_invitations",
	"DomainsFormSharing": "form_sharing",
}

roles := {
	"MfaGlobalAdministrator": "Global Administrator",
	"MfaExchangeAdministrator": "Exchange Administrator",
	"MfaUserAdministrator": "User Administrator",
	"MfaSecurityReader": "Security Reader",
	"MfaHelpdeskAdministrator": "Helpdesk Administrator",
}

frequencies := {
	"SignInWithin4Hours": 4,
	"SignInWithin8Hours": 8,
	"SignInWithin12Hours": 12,
	"SignInWithin16Hours": 16,
}

exclusions := {
	"ExcludeAtMost1": 1,
	"ExcludeAtMost2": 2,
	"ExcludeAtMost3": 3,
	"ExcludeAtMost4": 4,
}

switched_on(wanted) if {
	some setting in input.bench.settings
	setting.id == wanted.setting
	setting.enabled
	setting.level >= wanted.level
	setting.mode in {"audit", "enforce"}
}

limited(id) if {
	some setting in input.bench.settings
	setting.id == id
	every domain in setting.allowed {
		domain in data.sets.domains
	}
}

role_mfa(role) if {
	some policy in input.bench.ca_policies
	policy.state == "enabled"
	role in policy.conditions.users.includeRoles
	"mfa" in policy.grantControls.builtInControls
}

limited_sessions(hours) if {
	some policy in input.bench.ca_policies
	policy.state == "enabled"
	"All" in policy.conditions.users.includeUsers
	policy.sessionControls.signInFrequency.isEnabled
	policy.sessionControls.signInFrequency.value <= hours
}

few_exclusions(most) if {
	every policy in input.bench.ca_policies {
		count(policy.conditions.users.excludeUsers) <= most
		startswith(policy.displayName, "CA")
	}
}
