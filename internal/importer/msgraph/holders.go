package msgraph

import (
	"context"
	"strings"

	"github.com/posture-score/posture/internal/importer/psobject"
)

// describeHolders adds to the assignments of roles what the list of users says
// of who holds them: that it is a user, and whether it can sign in. Graph leaves
// that out unless it is asked for.
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
