package api

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/posture-score/posture/internal/plan"
	"github.com/posture-score/posture/internal/report"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/internal/snapshot"
)

// planned answers with the cheapest actions that reach a target, as posture plan prints them. That a target can't be reached is an answer.
func planned(w http.ResponseWriter, r *http.Request, s *snapshot.Snapshot) error {
	values, err := parameters(r, "target", "ignore_licenses", "include_accepted", "assessed_only")
	if err != nil {
		return err
	}
	target, ok := percentage(values.Get("target"))
	if !ok {
		return wrong("target", "it has to be a percentage from 0 to 100, with two decimals at most")
	}
	var options plan.Options
	for name, option := range map[string]*bool{
		"ignore_licenses": &options.IgnoreLicenses, "include_accepted": &options.IncludeAccepted, "assessed_only": &options.AssessedOnly,
	} {
		if *option, err = flag(values, name); err != nil {
			return err
		}
	}
	page := report.Plan{Assessment: s.Assessment}
	page.Plan, err = plan.Cheapest(s.Assessment, target, options)
	switch {
	case errors.Is(err, plan.ErrEntangled):
		return refuse(http.StatusUnprocessableEntity, "%v", err)
	case err != nil && !errors.As(err, &page.Unreachable):
		return err
	}
	return write(w, r, s, page, "json", "plan")
}

// percentage reads a percentage from 0 to 100 exactly.
func percentage(text string) (score.Points, bool) {
	whole, decimals, _ := strings.Cut(text, ".")
	const most = 3 // digits of 100
	if whole == "" || len(whole) > most || len(decimals) > 2 || strings.Trim(whole+decimals, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(whole + (decimals + "00")[:2])
	return score.Points(n), err == nil && score.Points(n) <= score.Full
}
