package tenant

import (
	"fmt"
	"slices"
	"time"
)

// roleAssignment is a record of entra.role_assignments.
type roleAssignment struct {
	ID               string    `json:"id"`
	PrincipalID      string    `json:"principalId"`
	RoleDefinitionID string    `json:"roleDefinitionId"`
	DirectoryScopeID string    `json:"directoryScopeId"`
	AssignmentType   string    `json:"assignmentType"`
	MemberType       string    `json:"memberType"`
	StartDateTime    *string   `json:"startDateTime"`
	EndDateTime      *string   `json:"endDateTime"` // null: for good
	Principal        principal `json:"principal"`
}

// principal is what holds a role.
type principal struct {
	Type string `json:"@odata.type"`
}

func (t *Tenant) roleAssignments(yield func(any) bool) {
	for p := range t.everyone() {
		for i, role := range p.roles {
			record := roleAssignment{
				ID: t.guid("assignment of "+role, p.index), PrincipalID: t.userID(p.index), RoleDefinitionID: t.words.Roles[role],
				DirectoryScopeID: "/", AssignmentType: "Assigned", MemberType: "Direct", Principal: principal{"#microsoft.graph.user"},
			}
			if p.activated {
				start := t.spec.CollectedAt.Add(-time.Hour).Format(time.RFC3339)
				end := t.spec.CollectedAt.Add(time.Duration(7-i) * time.Hour).Format(time.RFC3339)
				record.AssignmentType, record.StartDateTime, record.EndDateTime = "Activated", &start, &end
			}
			if !yield(record) {
				return
			}
		}
	}
}

// entraGroup is a record of entra.groups.
type entraGroup struct {
	ID              string   `json:"id"`
	DisplayName     string   `json:"displayName"`
	GroupTypes      []string `json:"groupTypes"`
	Visibility      *string  `json:"visibility"` // Graph says null of groups that aren't Microsoft 365 groups
	Mail            *string  `json:"mail"`
	MailEnabled     bool     `json:"mailEnabled"`
	SecurityEnabled bool     `json:"securityEnabled"`
}

func (t *Tenant) groups(yield func(any) bool) {
	for _, g := range t.profile.Groups {
		record := entraGroup{ID: t.groupID(g.Key), DisplayName: g.Name, GroupTypes: []string{}, SecurityEnabled: true}
		if g.Mail != "" {
			mail := t.groupMail(g)
			record.Mail, record.MailEnabled = &mail, true
		}
		if !yield(record) {
			return
		}
	}
	public, private := "Public", "Private"
	open := newDeck(t.spec.Seed, "public teams", t.teams)
	for i := range t.teams {
		mail := fmt.Sprintf("team-%d@%s", i+1, t.domain())
		record := entraGroup{
			ID: t.guid("team", i), DisplayName: t.teamName(i), GroupTypes: []string{"Unified"}, Visibility: &private,
			Mail: &mail, MailEnabled: true,
		}
		if open.place(i) < portion(t.teams, t.profile.Teams.Public) {
			record.Visibility = &public
		}
		if !yield(record) {
			return
		}
	}
}

func (t *Tenant) groupID(key string) string { return t.guid("group "+key, 0) }

func (t *Tenant) groupMail(g group) string { return g.Mail + "@" + t.domain() }

func (t *Tenant) teamName(index int) string {
	words := t.words.Names
	name := words.Teams[index%len(words.Teams)] + " " + words.Kinds[index/len(words.Teams)%len(words.Kinds)]
	if round := index / len(words.Teams) / len(words.Kinds); round > 0 {
		name = fmt.Sprintf("%s %d", name, round+1)
	}
	return name
}

// membership is a record of entra.group_members.
type membership struct {
	GroupID  string `json:"groupId"`
	MemberID string `json:"memberId"`
}

func (t *Tenant) memberships(yield func(any) bool) {
	for p := range t.everyone() {
		id := t.userID(p.index)
		for _, g := range t.groupsOf(p) {
			if !yield(membership{GroupID: t.groupID(g.Key), MemberID: id}) {
				return
			}
		}
		if p.cohort != "staff" && p.cohort != "guest" {
			continue
		}
		team := int(mix(t.spec.Seed^uint64(p.index)) % uint64(t.teams))
		if !yield(membership{GroupID: t.guid("team", team), MemberID: id}) {
			return
		}
	}
}

// memberList is a record of entra.group_member_lists.
type memberList struct {
	GroupID  string `json:"groupId"`
	Complete bool   `json:"complete"`
}

// memberLists says of each group that all of its members are among the memberships.
func (t *Tenant) memberLists(yield func(any) bool) {
	t.groups(func(record any) bool { return yield(memberList{GroupID: record.(entraGroup).ID, Complete: true}) })
}

// groupsOf returns the named groups that a person is in.
func (t *Tenant) groupsOf(p person) []group {
	var in []group
	department := -1
	if p.cohort == "staff" {
		department = t.staff.workplace.pile(p.rank, t.departmentShares)
	}
	for i, g := range t.profile.Groups {
		if p.cohort == "staff" && g.Everyone || i == department || p.key != "" && slices.Contains(g.Administrators, p.key) {
			in = append(in, g)
		}
	}
	return in
}
