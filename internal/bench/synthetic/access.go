package synthetic

import "fmt"

// policy is shaped after Graph's conditionalAccessPolicy.
type policy struct {
	ID              string          `json:"id"`
	DisplayName     string          `json:"displayName"`
	State           string          `json:"state"`
	Conditions      conditions      `json:"conditions"`
	GrantControls   grantControls   `json:"grantControls"`
	SessionControls sessionControls `json:"sessionControls"`
}

type conditions struct {
	Users          conditionUsers `json:"users"`
	Applications   applications   `json:"applications"`
	ClientAppTypes []string       `json:"clientAppTypes"`
	Locations      *struct{}      `json:"locations"` // null: anywhere
}

type conditionUsers struct {
	IncludeUsers []string `json:"includeUsers"`
	ExcludeUsers []string `json:"excludeUsers"`
	IncludeRoles []string `json:"includeRoles"`
}

type applications struct {
	IncludeApplications []string `json:"includeApplications"`
}

type grantControls struct {
	Operator        string   `json:"operator"`
	BuiltInControls []string `json:"builtInControls"`
}

type sessionControls struct {
	SignInFrequency signInFrequency `json:"signInFrequency"`
}

type signInFrequency struct {
	Value     int    `json:"value"`
	Type      string `json:"type"`
	IsEnabled bool   `json:"isEnabled"`
}

func newPolicy(c *chance, i int) policy {
	return policy{
		ID:          c.guid(),
		DisplayName: fmt.Sprintf("CA%03d policy", i),
		State:       c.one("enabled", "disabled", "enabledForReportingButNotEnforced"),
		Conditions: conditions{
			Users: conditionUsers{
				IncludeUsers: []string{c.one("All", "None", c.guid())},
				ExcludeUsers: []string{c.guid()},
				IncludeRoles: []string{c.one(roleNames()...)},
			},
			Applications:   applications{IncludeApplications: []string{c.one("All", "Office365")}},
			ClientAppTypes: []string{c.one("all", "exchangeActiveSync", "other", "browser")},
		},
		GrantControls:   grantControls{Operator: "OR", BuiltInControls: []string{c.one("mfa", "block", "compliantDevice")}},
		SessionControls: sessionControls{SignInFrequency: signInFrequency{Value: 1 + c.IntN(24), Type: "hours", IsEnabled: c.holds(.5)}},
	}
}

// setting is one switch of the tenant.
type setting struct {
	ID      string   `json:"id"`
	Enabled bool     `json:"enabled"`
	Level   int      `json:"level"`
	Mode    string   `json:"mode"`
	Allowed []string `json:"allowed"` // domains
}

// settingNames are all settings of the tenant. Controls read the first 22 of them.
func settingNames() []string {
	return []string{
		"audit_log", "mailbox_audit", "safe_links", "safe_attachments", "anti_phishing", "spoof_intelligence", "zero_hour_purge",
		"malware_filter", "outbound_spam", "customer_lockbox", "password_protection", "risky_sign_ins", "risky_users", "session_sign_out",
		"device_join",
		"sharepoint_sharing", "onedrive_sharing", "teams_federation", "calendar_sharing", "mail_forwarding", "guest_invitations", "form_sharing",
		"office_store", "whiteboard", "sway_sharing", "bookings", "planner_sync", "stream_upload", "yammer_guests", "loop_sharing",
		"viva_insights", "copilot_web", "power_automate", "power_apps", "to_do_sync",
	}
}

func newSetting(c *chance, i int) setting {
	return setting{
		ID:      settingNames()[i],
		Enabled: c.holds(.6),
		Level:   c.IntN(5),
		Mode:    c.one("off", "audit", "enforce"),
		Allowed: []string{"a.example", "b.example", fmt.Sprintf("c%d.example", i)},
	}
}
