package msgraph

import (
	"slices"
	"strings"
)

// endpoint is one way to a dataset.
type endpoint struct {
	path    string
	aliases []string // other paths to the same, and those that contexts name in its place
	cmdlets []string // of Microsoft Graph PowerShell, in the spelling of v1.0
	dataset string
	adapt   func(map[string]any) map[string]any // a record as Graph wrote it; nil if it is right
	bare    bool                                // the answer is an array of records, without a context
	refused string                              // why the answers make no evidence; they do if it is empty
	defeats bool                                // a refused answer is a failed attempt at the dataset
}

// Endpoints whose answers are put together with others.
const (
	transitiveMembers = "groups/{id}/transitiveMembers"
	directMembers     = "groups/{id}/members"
	allGroups         = "groups"
	allUsers          = "users"
	directoryRoles    = "directoryRoles"
	scheduleInstances = "roleManagement/directory/roleAssignmentScheduleInstances"
	plainAssignments  = "roleManagement/directory/roleAssignments"
)

// Datasets that are put together of several endpoints.
const (
	groupMembers     = "entra.group_members"
	groupMemberLists = "entra.group_member_lists"
	roleAssignments  = "entra.role_assignments"
)

// endpoints returns those that are known. Of two for the same dataset the earlier is preferred. The
// aliases are from the pages of Microsoft Learn and from answers that people published.
func endpoints() []endpoint {
	return slices.Concat(policyEndpoints(), directoryEndpoints(), settingEndpoints(), refusedEndpoints())
}

// policyEndpoints returns those of the policies of the tenant.
func policyEndpoints() []endpoint {
	return []endpoint{
		{
			path: "policies/adminConsentRequestPolicy", dataset: "entra.admin_consent_request_policy",
			aliases: []string{"adminConsentRequestPolicy"},
			cmdlets: []string{"Get-MgPolicyAdminConsentRequestPolicy"},
		},
		{
			path: "policies/authenticationStrengthPolicies", dataset: "entra.authentication_strengths",
			aliases: []string{
				"identity/conditionalAccess/authenticationStrength/policies", "conditionalAccess/authenticationStrength/policies",
				"identity/conditionalAccess/authenticationStrengths/policies", "authenticationStrengthPolicies",
				"Collection(microsoft.graph.authenticationStrengthPolicy)",
			},
			cmdlets: []string{"Get-MgPolicyAuthenticationStrengthPolicy", "Get-MgIdentityConditionalAccessAuthenticationStrengthPolicy"},
		},
		{
			path: "policies/authorizationPolicy", dataset: "entra.authorization_policy", adapt: authorizationPolicy,
			aliases: []string{"authorizationPolicy", "policies/authorizationPolicy/authorizationPolicy"},
			cmdlets: []string{"Get-MgPolicyAuthorizationPolicy"},
		},
		{
			path: "identity/conditionalAccess/policies", dataset: "entra.conditional_access_policies",
			aliases: []string{
				"conditionalAccess/policies", "policies/conditionalAccessPolicies", "identity/conditionalAccessPolicies",
				"conditionalAccessPolicies", "Collection(microsoft.graph.conditionalAccessPolicy)",
			},
			cmdlets: []string{"Get-MgIdentityConditionalAccessPolicy", "Get-MgPolicyConditionalAccessPolicy"},
		},
		{
			path: "policies/identitySecurityDefaultsEnforcementPolicy", dataset: "entra.security_defaults",
			aliases: []string{"identitySecurityDefaultsEnforcementPolicy"},
			cmdlets: []string{"Get-MgPolicyIdentitySecurityDefaultEnforcementPolicy"},
		},
	}
}

// directoryEndpoints returns those of the directory.
func directoryEndpoints() []endpoint {
	return []endpoint{
		{
			path: "groupSettings", dataset: "entra.directory_settings",
			aliases: []string{"settings", "directorySettings", "Collection(microsoft.graph.directorySetting)", "Collection(microsoft.graph.groupSetting)"},
			cmdlets: []string{"Get-MgGroupSetting", "Get-MgDirectorySetting"},
		},
		{path: "domains", dataset: "entra.domains", cmdlets: []string{"Get-MgDomain"}},
		{path: transitiveMembers, dataset: groupMembers, cmdlets: []string{"Get-MgGroupTransitiveMember"}},
		{path: directMembers, dataset: groupMembers, cmdlets: []string{"Get-MgGroupMember"}},
		{path: allGroups, dataset: "entra.groups", cmdlets: []string{"Get-MgGroup"}},
		{
			path: "directory/onPremisesSynchronization", dataset: "entra.on_premises_sync",
			aliases: []string{"onPremisesSynchronization"},
			cmdlets: []string{"Get-MgDirectoryOnPremiseSynchronization"},
		},
		{path: "organization", dataset: "entra.organization", cmdlets: []string{"Get-MgOrganization"}},
		// Instances say how and until when a role is held; the others don't.
		{
			path: scheduleInstances, dataset: roleAssignments,
			aliases: []string{"roleAssignmentScheduleInstances", "Collection(microsoft.graph.unifiedRoleAssignmentScheduleInstance)"},
			cmdlets: []string{"Get-MgRoleManagementDirectoryRoleAssignmentScheduleInstance"},
		},
		{
			path: plainAssignments, dataset: roleAssignments,
			aliases: []string{"roleAssignments", "Collection(microsoft.graph.unifiedRoleAssignment)"},
			cmdlets: []string{"Get-MgRoleManagementDirectoryRoleAssignment"},
		},
		{path: directoryRoles, dataset: roleAssignments, cmdlets: []string{"Get-MgDirectoryRole"}},
		{path: "subscribedSkus", dataset: "entra.subscribed_skus", cmdlets: []string{"Get-MgSubscribedSku"}},
		{
			path: "reports/authenticationMethods/userRegistrationDetails", dataset: "entra.user_registration",
			aliases: []string{"userRegistrationDetails", "Collection(microsoft.graph.userRegistrationDetails)"},
			cmdlets: []string{"Get-MgReportAuthenticationMethodUserRegistrationDetail"},
		},
		{path: allUsers, dataset: "entra.users", cmdlets: []string{"Get-MgUser"}},
	}
}

// settingEndpoints returns those of settings of services, and of other services that answer in the
// form of Graph.
func settingEndpoints() []endpoint {
	return []endpoint{
		{
			path: "admin/appsAndServices", dataset: "admin_center.settings", adapt: inner,
			aliases: []string{"admin/appsAndServices/settings"},
			cmdlets: []string{"Get-MgAdminAppAndService", "Get-MgAdminAppAndServiceSetting"},
		},
		{
			path: "admin/forms", dataset: "forms.settings", adapt: inner,
			aliases: []string{"admin/forms/settings"},
			cmdlets: []string{"Get-MgAdminForm", "Get-MgAdminFormSetting"},
		},
		{
			path: "admin/sharepoint/settings", dataset: "sharepoint.settings",
			aliases: []string{"admin/sharepoint"},
			cmdlets: []string{"Get-MgAdminSharepointSetting"},
		},
		// Defender for Endpoint's own interface.
		{
			path: "Collection(microsoft.windowsDefenderATP.api.AssetConfiguration)", dataset: "defender_endpoint.secure_configuration", adapt: configuration,
			aliases: []string{"machines/SecureConfigurationsAssessmentByMachine"},
		},
		// The Office 365 Management APIs.
		{path: "activity/feed/subscriptions/list", dataset: "purview.activity_subscriptions", bare: true},
	}
}

// refusedEndpoints returns those that look like evidence and are none.
func refusedEndpoints() []endpoint {
	const (
		eligible    = "it says who may activate a role, not who holds one"
		deleted     = "it lists what was deleted"
		scheduled   = "it says which roles are or will be held; save roleManagement/directory/roleAssignmentScheduleInstances or roleAssignments, which say who holds one"
		perUserMFA  = "no control reads the per-user state of multifactor authentication: where it is asked for depends on settings that no interface gives"
		groupsOfOne = "it lists the groups of one user; save groups/{id}/transitiveMembers, the members of each group"
		sensors     = "a list of sensors names the servers that have one, and none that lacks one: write defender_identity.sensors by hand from all servers"
	)
	return []endpoint{
		{
			refused: eligible, path: "roleManagement/directory/roleEligibilityScheduleInstances",
			aliases: []string{"roleManagement/directory/roleEligibilitySchedules", "roleManagement/directory/roleEligibilityScheduleRequests"},
			cmdlets: []string{
				"Get-MgRoleManagementDirectoryRoleEligibilityScheduleInstance", "Get-MgRoleManagementDirectoryRoleEligibilitySchedule",
				"Get-MgRoleManagementDirectoryRoleEligibilityScheduleRequest",
			},
		},
		{
			refused: scheduled, path: "roleManagement/directory/roleAssignmentSchedules", aliases: []string{"roleManagement/directory/roleAssignmentScheduleRequests"},
			cmdlets: []string{"Get-MgRoleManagementDirectoryRoleAssignmentSchedule", "Get-MgRoleManagementDirectoryRoleAssignmentScheduleRequest"},
		},
		{
			refused: deleted, path: "directory/deletedItems", aliases: []string{"deletedItems", "directory/deletedUsers", "directory/deletedGroups"},
			cmdlets: []string{"Get-MgDirectoryDeletedItem", "Get-MgDirectoryDeletedUser", "Get-MgDirectoryDeletedGroup"},
		},
		{
			refused: perUserMFA, path: "users/{id}/authentication/requirements", aliases: []string{"users/{id}/authentication"},
			cmdlets: []string{"Get-MgUserAuthenticationRequirement"},
		},
		{
			refused: groupsOfOne, path: "users/{id}/transitiveMemberOf", aliases: []string{"users/{id}/memberOf"},
			cmdlets: []string{"Get-MgUserTransitiveMemberOf", "Get-MgUserMemberOf"},
		},
		{
			refused: sensors, defeats: true, dataset: "defender_identity.sensors", path: "security/identities/sensors",
			aliases: []string{"security/identities/sensorCandidates", "Collection(microsoft.graph.security.sensor)"},
			cmdlets: []string{"Get-MgSecurityIdentitySensor", "Get-MgSecurityIdentitySensorCandidate"},
		},
	}
}

// configuration spells the id of a setting in lower case, as controls do: "SCID-2012" and
// "scid-2012" are one setting.
func configuration(record map[string]any) map[string]any {
	if id, ok := record["configurationId"].(string); ok {
		record["configurationId"] = strings.ToLower(id)
	}
	return record
}

// inner returns the settings in the object around them.
func inner(record map[string]any) map[string]any {
	if settings, ok := record["settings"].(map[string]any); ok {
		return settings
	}
	return record
}

// authorizationPolicy moves the consent policies, which beta has at the top, to where v1.0 has
// them.
func authorizationPolicy(record map[string]any) map[string]any {
	const beta, current = "permissionGrantPolicyIdsAssignedToDefaultUserRole", "permissionGrantPoliciesAssigned"
	// Null says that the permissions, or the list, were not sent. It must not
	// read as "users may consent to nothing".
	if record["defaultUserRolePermissions"] == nil {
		delete(record, "defaultUserRolePermissions")
	}
	permissions, ok := record["defaultUserRolePermissions"].(map[string]any)
	if !ok || permissions[current] != nil {
		return record
	}
	delete(permissions, current)
	if assigned := record[beta]; assigned != nil {
		permissions[current] = assigned
	}
	return record
}

// rankOf returns the index of the endpoint of a path; -1 if it is unknown.
func rankOf(known []endpoint, requested string) int {
	return slices.IndexFunc(known, func(e endpoint) bool {
		return strings.EqualFold(e.path, requested) || slices.ContainsFunc(e.aliases, func(alias string) bool { return strings.EqualFold(alias, requested) })
	})
}

// rankOfCmdlet returns the index of the endpoint that a cmdlet requests; -1 if it is unknown.
func rankOfCmdlet(known []endpoint, cmdlet string) int {
	return slices.IndexFunc(known, func(e endpoint) bool {
		return slices.ContainsFunc(e.cmdlets, func(name string) bool { return strings.EqualFold(name, cmdlet) })
	})
}

// named reports whether a file of that base name is named after the endpoint or its dataset.
func (e endpoint) named(name string) bool {
	same := func(path string) bool { return strings.EqualFold(name, strings.ReplaceAll(path, "/", "_")) }
	return strings.EqualFold(name, e.dataset) || same(e.path) || slices.ContainsFunc(e.aliases, same)
}
