package growth

import (
	"fmt"
	"strings"
)

// accessDimensions are those of a directory, which the built-in controls read.
func accessDimensions() []Dimension {
	people := func(users, groups, members, policies func(n int) int) func(f *folder, n int) {
		return func(f *folder, n int) {
			d := directory{users: users(n), groups: groups(n), members: members(n), policies: policies(n)}
			d.write(f)
		}
	}
	some := func(n int) func(int) int { return func(int) int { return n } }
	all := func(n int) int { return n }
	times := func(k int) func(int) int { return func(n int) int { return n * k } }
	return []Dimension{
		{Name: "users of a directory", Least: 6_250, command: assessOnce, write: people(all, some(10), all, some(20))},
		{Name: "Conditional Access policies", Least: 250, command: assessOnce, write: people(some(1000), some(100), some(2000), all)},
		{Name: "groups", Least: 1_000, command: assessOnce, write: people(some(1000), all, all, some(50))},
		{Name: "groups that a policy names", Least: 1_000, command: assessOnce, write: func(f *folder, n int) {
			directory{users: 1000, groups: n, members: n, policies: 10, named: n}.write(f)
		}},
		{Name: "users that a policy names", Least: 1_000, command: assessOnce, write: func(f *folder, n int) {
			directory{users: 1000, groups: 10, members: 1000, policies: 10, people: n}.write(f)
		}},
		{Name: "members of a group", Least: 6_250, command: assessOnce, write: people(all, some(1), all, some(10))},
		{Name: "groups of a user", Least: 2_000, command: assessOnce, write: func(f *folder, n int) {
			directory{users: 1, groups: n, members: n, policies: 10}.write(f)
		}},
		{Name: "memberships", Least: 12_500, command: assessOnce, write: people(some(1000), some(1000), times(1), some(10))},
	}
}

// directory is a tenant of people, groups and policies.
type directory struct {
	users, groups, members, policies int
	named, people                    int // groups and users that each policy names
}

func (d directory) write(f *folder) {
	f.bundle(
		records{"entra.conditional_access_policies", d.policies, d.policy},
		records{"entra.group_member_lists", d.groups, func(i int) string { return fmt.Sprintf(`{"groupId":%q,"complete":true}`, guid(2, i)) }},
		records{"entra.group_members", d.members, func(i int) string {
			return fmt.Sprintf(`{"groupId":%q,"memberId":%q}`, guid(2, (i/d.users+i)%d.groups), guid(1, i%d.users))
		}},
		records{"entra.groups", d.groups, func(i int) string {
			return fmt.Sprintf(`{"id":%q,"displayName":"Group %d","groupTypes":[],"visibility":null,"mail":null,"mailEnabled":false,"securityEnabled":true}`, guid(2, i), i)
		}},
		records{"entra.role_assignments", min(d.users, 20), func(i int) string {
			return fmt.Sprintf(`{"id":%q,"principalId":%q,"roleDefinitionId":"62e90394-69f5-4237-9190-012177145e10","directoryScopeId":"/","assignmentType":"Assigned","memberType":"Direct","startDateTime":null,"endDateTime":null,"principal":{"@odata.type":"#microsoft.graph.user"}}`, guid(3, i), guid(1, i))
		}},
		records{"entra.user_registration", d.users, func(i int) string {
			return fmt.Sprintf(`{"id":%q,"userPrincipalName":"user%d@contoso.example","userDisplayName":"User %d","userType":"member","isAdmin":%v,"isMfaRegistered":%v,"isMfaCapable":true,"isPasswordlessCapable":false,"isSsprRegistered":true,"isSsprEnabled":true,"isSsprCapable":true,"methodsRegistered":["microsoftAuthenticatorPush"]}`, guid(1, i), i, i, i < 20, i%3 > 0)
		}},
		records{"entra.users", d.users, func(i int) string {
			return fmt.Sprintf(`{"id":%q,"userPrincipalName":"user%d@contoso.example","displayName":"User %d","accountEnabled":true,"userType":"Member","onPremisesSyncEnabled":null,"mail":null,"assignedLicenses":[]}`, guid(1, i), i, i)
		}},
	)
}

func (d directory) policy(i int) string {
	grants := []string{`["mfa"]`, `["block"]`, `["compliantDevice"]`}
	include, exclude, people := guid(2, (i*7)%d.groups), guid(2, (i*5)%d.groups), quoted(1, i%d.users, 1)
	groups := fmt.Sprintf("%q", include)
	if d.named > 0 {
		groups = quoted(2, 0, d.named)
	}
	if d.people > 0 {
		people = quoted(1, 0, d.people)
	}
	return fmt.Sprintf(`{"id":%q,"displayName":"Policy %d","state":"enabled","createdDateTime":"2025-02-11T09:20:00Z","conditions":{"applications":{"excludeApplications":[],"includeApplications":["All"],"includeUserActions":[]},"clientAppTypes":["all"],"signInRiskLevels":[],"userRiskLevels":[],"users":{"excludeGroups":[%q],"excludeRoles":[],"excludeUsers":[],"includeGroups":[%s],"includeRoles":[],"includeUsers":[%s]}},"grantControls":{"authenticationStrength":null,"builtInControls":%s,"operator":"OR"},"sessionControls":null}`,
		guid(4, i), i, exclude, groups, people, grants[i%len(grants)])
}

// quoted are n ids of a kind, in a list.
func quoted(kind, from, n int) string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%q", guid(kind, from+i))
	}
	return strings.Join(ids, ",")
}
