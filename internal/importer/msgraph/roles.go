package msgraph

import (
	"context"
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// assignments merges what the endpoints say of who holds which role. Each may know a holder that
// the others lack.
func (r *responses) assignments(ctx context.Context, dataset *schemas.Dataset, wholes []whole) (*made, string, error) {
	bySource := map[int][]whole{}
	for _, w := range wholes {
		if w.filter != "" {
			r.plan.skip(w.file(), fmt.Sprintf("it holds a part of the list (%s)", jsonfile.Clip(w.filter)))
			continue
		}
		bySource[w.pages[0].rank] = append(bySource[w.pages[0].rank], w)
	}
	m := &made{dataset: dataset, file: wholes[0].file(), isHeld: true, held: []any{}, saved: psobject.Files{}}
	known := map[string][]map[string]any{}
	used, why := 0, ""
	for _, rank := range sortedKeys(bySource) {
		records, reason, err := r.source(ctx, dataset, bySource[rank], m.saved)
		switch {
		case ctx.Err() != nil:
			return nil, "", ctx.Err()
		case err != nil:
			reason = err.Error()
			fallthrough
		case reason != "":
			why = reason
			r.plan.skip(bySource[rank][0].file(), reason)
			continue
		}
		if used++; used == 1 {
			m.file = bySource[rank][0].file()
		}
		m.add(records, known)
	}
	switch {
	case used > 0:
		return m, "", nil
	case why == "":
		why = fmt.Sprintf("%s holds a part of the list (%s), not all of it", wholes[0].file(), jsonfile.Clip(wholes[0].filter))
	}
	return nil, why, nil
}

// source returns the assignments of one endpoint.
func (r *responses) source(ctx context.Context, dataset *schemas.Dataset, wholes []whole, saved psobject.Files) ([]any, string, error) {
	if r.plan.known[wholes[0].pages[0].rank].path == directoryRoles {
		return r.roleMembers(ctx, wholes)
	}
	return r.merge(ctx, dataset, wholes, saved)
}

// add adds the assignments of another endpoint. A known one may gain the fields that it lacks, such as the type of the
// holder.
func (m *made) add(records []any, known map[string][]map[string]any) {
	fresh := map[string][]map[string]any{}
	for _, value := range records {
		record, ok := value.(map[string]any)
		if !ok {
			continue
		}
		key := assignmentKey(record)
		before, again := known[key]
		if again && key != "" {
			for _, one := range before {
				for name, value := range record {
					if _, has := one[name]; !has {
						one[name] = value
					}
				}
			}
			continue
		}
		fresh[key] = append(fresh[key], record)
		m.held = append(m.held, record)
	}
	for key, list := range fresh {
		known[key] = append(known[key], list...)
	}
}

// assignmentKey returns the holder, the role and the scope; "" if the record lacks one of the first
// two.
func assignmentKey(record map[string]any) string {
	holder, _ := record["principalId"].(string)
	role, _ := record["roleDefinitionId"].(string)
	if holder == "" || role == "" {
		return ""
	}
	scope, _ := record["directoryScopeId"].(string)
	app, _ := record["appScopeId"].(string)
	return strings.ToLower(strings.Join([]string{holder, role, scope, app}, "\x00"))
}

// roleMembers returns the assignments in roles that were requested with their members. These hold
// the role in the whole tenant.
func (r *responses) roleMembers(ctx context.Context, wholes []whole) ([]any, string, error) {
	records, why := []any{}, ""
	given := map[string]bool{}
	for _, w := range wholes {
		err := r.each(ctx, w.pages, func(a answer, role map[string]any, _ int) error {
			list, ok := role["members"].([]any)
			id, _ := role["roleTemplateId"].(string)
			switch {
			case !ok || id == "":
				why = a.file + " lists roles without their members: ask for directoryRoles?$expand=members"
			case len(list) >= maxExpanded || role["members@odata.nextLink"] != nil:
				why = fmt.Sprintf("%s has a role with %d members, and Graph gives no more than that where they are expanded: save %s", a.file, len(list), plainAssignments)
			}
			for _, element := range list {
				holder, _ := element.(map[string]any)
				record, ok := assignmentOf(id, unfolded(holder))
				if key := assignmentKey(record); ok && !given[key] {
					given[key] = true
					records = append(records, record)
				}
			}
			return nil
		})
		if err != nil {
			return nil, "", err
		}
	}
	return records, why, nil
}

func assignmentOf(role string, holder map[string]any) (map[string]any, bool) {
	id, ok := holder["id"].(string)
	if !ok || id == "" || isDeleted(holder) {
		return nil, false
	}
	principal := map[string]any{"id": id}
	for _, name := range []string{"@odata.type", "displayName", "userPrincipalName"} {
		if text, ok := holder[name].(string); ok {
			principal[name] = text
		}
	}
	if enabled, ok := holder["accountEnabled"].(bool); ok {
		principal["accountEnabled"] = enabled
	}
	return map[string]any{
		"id": strings.ToLower(role + "/" + id), "principalId": id, "roleDefinitionId": role, "directoryScopeId": "/", "principal": principal,
	}, true
}

// describeHolders adds what the list of users says of the holders of roles: that they are users,
// and whether they can sign in. Graph leaves that out unless it is asked for.
func (r *responses) describeHolders(ctx context.Context) error {
	assignments, listed := r.made[roleAssignments], r.made["entra.users"]
	if assignments == nil || listed == nil {
		return nil
	}
	holders := map[string][]map[string]any{}
	for _, value := range assignments.held {
		record, _ := value.(map[string]any)
		if id, ok := record["principalId"].(string); ok {
			holders[strings.ToLower(id)] = append(holders[strings.ToLower(id)], record)
		}
	}
	from := *listed
	from.saved = psobject.Files{} // what was cut off is noted when the users are written
	for value, err := range r.recordsOf(ctx, &from) {
		if err != nil {
			return ctx.Err() // the users fail for it when they are written
		}
		user, _ := value.(map[string]any)
		id, _ := user["id"].(string)
		for _, record := range holders[strings.ToLower(id)] {
			describeHolder(record, user)
		}
	}
	return nil
}

func describeHolder(assignment, user map[string]any) {
	principal, ok := assignment["principal"].(map[string]any)
	if !ok {
		if assignment["principal"] != nil {
			return
		}
		principal = map[string]any{"id": assignment["principalId"]}
		assignment["principal"] = principal
	}
	if principal["@odata.type"] == nil {
		principal["@odata.type"] = "#" + userType
	}
	if enabled, ok := user["accountEnabled"].(bool); ok && principal["accountEnabled"] != false {
		principal["accountEnabled"] = enabled
	}
}
