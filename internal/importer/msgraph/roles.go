package msgraph

import (
	"context"
	"fmt"
	"strings"

	"github.com/posture-score/posture/internal/importer/jsonfile"
	"github.com/posture-score/posture/internal/importer/psobject"
	"github.com/posture-score/posture/schemas"
)

// assignments puts together what the endpoints say of who holds which role. Each
// may know a holder that the others lack: what one has is taken.
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
		records, lost, err := r.source(ctx, dataset, bySource[rank], m.saved)
		switch {
		case ctx.Err() != nil:
			return nil, "", ctx.Err()
		case err != nil:
			lost = err.Error()
			fallthrough
		case lost != "":
			why = lost
			r.plan.skip(bySource[rank][0].file(), lost)
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

// source gives the assignments that one endpoint knows.
func (r *responses) source(ctx context.Context, dataset *schemas.Dataset, wholes []whole, saved psobject.Files) ([]any, string, error) {
	if r.plan.known[wholes[0].pages[0].rank].path == directoryRoles {
		return r.roleMembers(ctx, wholes)
	}
	return r.merge(ctx, dataset, wholes, saved)
}

// add takes the assignments of another endpoint. One that is known already may
// gain the fields that it lacks, such as the holder's type.
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

// assignmentKey tells by whom, which role and where; "" if the record does not.
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

// roleMembers makes assignments of roles that were asked for with their members.
// These hold the role in the whole tenant.
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
			case len(list) >= expandedMost || role["members@odata.nextLink"] != nil:
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
