package replay

import (
	"context"
	"slices"

	"github.com/posture-score/posture/internal/attribution"
)

// The bounds of what is told of documents.
const (
	maxActions = 200 // of which documents are compared
	maxFields  = 50  // of one action
)

// findFields says of the actions whose verdict other settings changed which fields of documents are others.
func (r *replay) findFields(ctx context.Context, a *attribution.Attribution) error {
	compared := 0
	for i := range a.Actions {
		action := &a.Actions[i]
		settings := func(p attribution.Part) bool {
			return p.Cause == attribution.Configuration || p.Cause == attribution.Coverage
		}
		if compared == maxActions || !slices.ContainsFunc(action.Parts, settings) {
			continue
		}
		compared++
		fields, err := r.New.Engine.DocumentChanges(ctx, r.Old.Bundle, r.New.Bundle, action.ID, maxFields)
		if err != nil {
			return err
		}
		if fields.Total > 0 || len(fields.Missing) > 0 {
			action.Fields = fields
		}
	}
	return nil
}
