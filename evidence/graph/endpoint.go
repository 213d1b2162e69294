package graph

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// endpoint is one way to a dataset.
type endpoint struct {
	path    string
	dataset string
	adapt   func(map[string]any) map[string]any // a record as Graph wrote it; nil if it is right
	bare    bool                                // the answer is an array of records, without a context
}

// groupMembers has a key in its path, and records that do not bear it.
const groupMembers = "groups/{id}/transitiveMembers"

// endpoints are those we know. Of two for the same dataset the earlier is
// preferred.
func endpoints() []endpoint {
	return []endpoint{
		{path: "admin/appsAndServices", dataset: "admin_center.settings", adapt: inner},
		{path: "admin/appsAndServices/settings", dataset: "admin_center.settings"},
		// Not Graph's, but in its form: Defender for Endpoint's own interface.
		{path: "Collection(microsoft.windowsDefenderATP.api.AssetConfiguration)", dataset: "defender_endpoint.secure_configuration", adapt: configuration},
		{path: "policies/adminConsentRequestPolicy", dataset: "entra.admin_consent_request_policy"},
		{path: "policies/authenticationStrengthPolicies", dataset: "entra.authentication_strengths"},
		{path: "policies/authorizationPolicy", dataset: "entra.authorization_policy", adapt: authorizationPolicy},
		{path: "identity/conditionalAccess/policies", dataset: "entra.conditional_access_policies"},
		{path: "groupSettings", dataset: "entra.directory_settings"},
		{path: "settings", dataset: "entra.directory_settings"},
		{path: "domains", dataset: "entra.domains"},
		{path: groupMembers, dataset: "entra.group_members"},
		{path: "groups", dataset: "entra.groups"},
		{path: "directory/onPremisesSynchronization", dataset: "entra.on_premises_sync"},
		{path: "organization", dataset: "entra.organization"},
		// Instances say how and until when a role is held; plain assignments don't.
		{path: "roleManagement/directory/roleAssignmentScheduleInstances", dataset: "entra.role_assignments"},
		{path: "roleManagement/directory/roleAssignments", dataset: "entra.role_assignments"},
		{path: "policies/identitySecurityDefaultsEnforcementPolicy", dataset: "entra.security_defaults"},
		{path: "subscribedSkus", dataset: "entra.subscribed_skus"},
		{path: "reports/authenticationMethods/userRegistrationDetails", dataset: "entra.user_registration"},
		{path: "users", dataset: "entra.users"},
		{path: "admin/forms", dataset: "forms.settings", adapt: inner},
		{path: "admin/forms/settings", dataset: "forms.settings"},
		// Not Graph's, and not in its form: of the Office 365 Management APIs.
		{path: "activity/feed/subscriptions/list", dataset: "purview.activity_subscriptions", bare: true},
		{path: "admin/sharepoint/settings", dataset: "sharepoint.settings"},
	}
}

// configuration spells the id of a setting in small letters, as controls ask
// for it: "SCID-2012" is no other setting than "scid-2012".
func configuration(record map[string]any) map[string]any {
	if id, ok := record["configurationId"].(string); ok {
		record["configurationId"] = strings.ToLower(id)
	}
	return record
}

// inner takes the settings out of the object around them.
func inner(record map[string]any) map[string]any {
	if settings, ok := record["settings"].(map[string]any); ok {
		return settings
	}
	return record
}

// authorizationPolicy puts the consent policies, which beta has at the top,
// where v1.0 has them.
func authorizationPolicy(record map[string]any) map[string]any {
	const beta, current = "permissionGrantPolicyIdsAssignedToDefaultUserRole", "permissionGrantPoliciesAssigned"
	permissions, ok := record["defaultUserRolePermissions"].(map[string]any)
	if !ok || permissions[current] != nil {
		return record
	}
	// Null says that the list was not sent. It must not read as "users may
	// consent to nothing".
	delete(permissions, current)
	if assigned := record[beta]; assigned != nil {
		permissions[current] = assigned
	}
	return record
}

// rankOf finds the endpoint of a path among those we know.
func rankOf(known []endpoint, requested string) int {
	return slices.IndexFunc(known, func(e endpoint) bool { return strings.EqualFold(e.path, requested) })
}

// baseName is the name of a file without its folder, its ending and the number
// of a page.
func baseName(file string) string {
	return strings.TrimRight(strings.TrimSuffix(path.Base(file), path.Ext(file)), "0123456789-_. ()")
}

// ranksNamed finds the endpoints that a file is named after: the one, or all of
// the dataset.
func ranksNamed(known []endpoint, file string) []int {
	name := baseName(file)
	_, members := groupNamed(file)
	var ranks []int
	for rank, e := range known {
		named := strings.EqualFold(name, e.dataset) || strings.EqualFold(name, strings.ReplaceAll(e.path, "/", "_"))
		if named || members && e.path == groupMembers {
			ranks = append(ranks, rank)
		}
	}
	return ranks
}

// bareContext gives a file that is named after an endpoint whose answers have
// no context the one that they would have; "" for any other file.
func bareContext(file string) string {
	known := endpoints()
	for _, rank := range ranksNamed(known, file) {
		if known[rank].bare {
			return "$metadata#" + known[rank].path
		}
	}
	return ""
}

var membersFile = regexp.MustCompile(`(?i)^groups_([^_]+)_transitiveMembers([^a-z].*)?\.json$`)

// groupNamed finds the group whose members a file is named after. The context
// of such a response says no more than that it holds objects of the directory.
func groupNamed(file string) (string, bool) {
	found := membersFile.FindStringSubmatch(path.Base(file))
	if found == nil {
		return "", false
	}
	return found[1], true
}
