package snapshot

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"

	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/history"
)

// Query says which tenants to list.
type Query = history.Query

// Tenants returns tenants of the source, and how many the query finds without its limit.
func (s *Source) Tenants(ctx context.Context, query Query) ([]Tenant, int, error) {
	if _, one := s.origin.(*fromEvidence); one {
		only, err := s.Snapshot(ctx, "")
		if err != nil {
			return nil, 0, err
		}
		f := found{assessment: only.Assessment, since: only.Since}
		list, count := history.Select([]history.Standing{f.standing()}, query)
		return s.list(list), count, nil
	}
	list, count, err := s.origin.standings(ctx, query)
	return s.list(list), count, err
}

// TenantsVersion returns what names the state of the list of tenants, with the day: what was made of it is still right while this is the same.
func (s *Source) TenantsVersion(ctx context.Context) string {
	files, head := s.origin.mark(ctx, "")
	var zones any
	if with := s.lastShared(); with != nil {
		zones = with.settings.Zones
	}
	text, _ := json.Marshal([]any{s.options.Engine.Version, files, head, zones}) // no value of these fails
	sum := sha256.Sum256(text)
	return versionOn(sum[:], s.options.now().UTC())
}

// list returns tenants as they are shown.
func (s *Source) list(standings []history.Standing) []Tenant {
	with := s.lastShared()
	list := make([]Tenant, len(standings))
	for i, standing := range standings {
		list[i] = Tenant{
			Tenant: standing.Tenant, EvaluatedAt: standing.EvaluatedAt, CollectedAt: standing.CollectedAt, Score: standing.Score,
			Change: standing.Change, Regressions: regressionsIn(standing.Attribution),
		}
		list[i].Score.Categories, list[i].Score.Products = nil, nil
		if with != nil && with.settings.Zones != nil {
			list[i].Zone = with.settings.Zones.Of(standing.Score.Percent)
		}
	}
	return list
}

// mostRegressions is how many of a tenant are told.
const mostRegressions = 3

// regressionsIn returns the actions that lost the most points.
func regressionsIn(a *attribution.Attribution) []Regression {
	if a == nil {
		return nil
	}
	var list []Regression
	for i := range a.Actions {
		c := &a.Actions[i]
		if amount := c.Amount(); amount.Points < 0 {
			list = append(list, Regression{ID: c.ID, Title: c.Title, Amount: amount})
		}
	}
	slices.SortStableFunc(list, func(x, y Regression) int { return int(x.Points - y.Points) }) // actions are sorted by id
	return list[:min(len(list), mostRegressions)]
}
