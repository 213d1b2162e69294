package actions_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/actions"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/score"
)

// some is a few actions with something different in each field that a query looks at.
func some() *engine.Assessment {
	return &engine.Assessment{Actions: []engine.Action{
		{
			ID: "Admins", Title: "Protect administrators", Category: "identity", Product: "entra_id", Tier: "core", Rank: 2, Impact: 10_00,
			Points: engine.ActionPoints{Max: 9_00, ByEvidence: 4_33, Achieved: 4_33}, Outcome: engine.Partial, Status: engine.Planned,
			Decision: &engine.Decision{Tags: []string{"board", "q4"}}, Threats: []string{"account_breach"},
			Frameworks: map[string][]string{"scuba": {"A.1", "A.2"}},
			Difficulty: "low", UserImpact: "high", Complexity: "unknown",
		},
		{
			ID: "Backups", Title: "ÉCLAIR backups", Category: "data", Product: "purview", Tier: "advanced",
			Points: engine.ActionPoints{Max: 5_00, ByEvidence: 5_00, Achieved: 5_00}, Outcome: engine.Complete, Status: engine.Completed,
		},
		{
			ID: "Ciphers", Title: "Use better ciphers", Category: "device", Product: "defender_endpoint", Tier: "core", Rank: 1, Impact: 20_00,
			Points: engine.ActionPoints{Max: 10_00}, Outcome: engine.NotMet, Status: engine.ToAddress, Threats: []string{"spoofing"},
			Prerequisites: []engine.Prerequisite{{ServicePlans: []string{"P1", "P2"}}, {Control: "Admins"}, {Control: "Backups", Met: true}},
			Difficulty:    "low", UserImpact: "low", Complexity: "low",
		},
		{
			ID: "Devices", Title: "Look after devices", Category: "device", Product: "intune", Tier: "core", Stage: engine.Preview,
			Points: engine.ActionPoints{Max: 10_00}, Outcome: engine.NotApplicable, Status: engine.ToAddress,
		},
		{
			ID: "Entries", Title: "Live with it", Category: "identity", Product: "entra_id", Tier: "core", Impact: 20_00,
			Points: engine.ActionPoints{Max: 10_00}, Outcome: engine.NotMet, Status: engine.RiskAccepted, Frameworks: map[string][]string{"scuba": {"A.2"}},
		},
	}}
}

func ids(list []*engine.Action) string {
	var all []string
	for _, a := range list {
		all = append(all, a.ID)
	}
	return strings.Join(all, " ")
}

func TestFind(t *testing.T) {
	for name, test := range map[string]struct {
		query actions.Query
		want  string
	}{
		"nothing asked":             {actions.Query{}, "Admins Backups Ciphers Devices Entries"},
		"an id":                     {actions.Query{Search: "ADMIN"}, "Admins"},
		"a title, whatever case":    {actions.Query{Search: "éclair"}, "Backups"},
		"a product":                 {actions.Query{Search: "endpoint"}, "Ciphers"},
		"a category":                {actions.Query{Search: "identity"}, "Admins Entries"},
		"a tag":                     {actions.Query{Search: "Q4"}, "Admins"},
		"text that is nowhere":      {actions.Query{Search: "nowhere"}, ""},
		"a status or another":       {actions.Query{Statuses: []string{"planned", "completed"}}, "Admins Backups"},
		"a status and a category":   {actions.Query{Statuses: []string{"planned", "risk_accepted"}, Categories: []string{"identity"}}, "Admins Entries"},
		"and an outcome":            {actions.Query{Categories: []string{"identity"}, Outcomes: []string{"partial"}}, "Admins"},
		"what contradicts itself":   {actions.Query{Categories: []string{"data"}, Outcomes: []string{"partial"}}, ""},
		"of a product":              {actions.Query{Products: []string{"purview", "intune"}}, "Backups Devices"},
		"with a tag":                {actions.Query{Tags: []string{"board"}}, "Admins"},
		"against a threat":          {actions.Query{Threats: []string{"spoofing"}}, "Ciphers"},
		"in a framework":            {actions.Query{Frameworks: []string{"scuba"}}, "Admins Entries"},
		"behind one entry":          {actions.Query{Frameworks: []string{"scuba:A.1"}}, "Admins"},
		"without a license":         {actions.Query{Licenses: []string{actions.Missing}}, "Ciphers"},
		"with one":                  {actions.Query{Licenses: []string{actions.Held}, Categories: []string{"device"}}, "Devices"},
		"with one or without":       {actions.Query{Licenses: []string{actions.Held, actions.Missing}}, "Admins Backups Ciphers Devices Entries"},
		"of a stage":                {actions.Query{Stages: []string{"preview"}}, "Devices"},
		"of none but current":       {actions.Query{Stages: []string{"current"}, Search: "i"}, "Admins Backups Ciphers Entries"},
		"text, and a word of lists": {actions.Query{Search: "i", Statuses: []string{"risk_accepted"}}, "Entries"},
	} {
		t.Run(name, func(t *testing.T) {
			found := must.Get(test.query.Find(some()))(t)
			expect.Equal(t, test.want, ids(found))
		})
	}
}

func TestUnknownValues(t *testing.T) {
	for name, test := range map[string]struct {
		query actions.Query
		want  string
	}{
		"a status":            {actions.Query{Statuses: []string{"planned", "done"}}, `status has to be one of to_address, planned, risk_accepted, third_party, alternate_mitigation, completed; it is "done"`},
		"a category":          {actions.Query{Categories: []string{"Identity"}}, `category has to be one of identity, device, apps, data, infrastructure; it is "Identity"`},
		"a threat":            {actions.Query{Threats: []string{"x"}}, `threat has to be one of account_breach, `},
		"a license":           {actions.Query{Licenses: []string{"yes"}}, `license has to be one of held, missing; it is "yes"`},
		"an outcome":          {actions.Query{Outcomes: []string{""}}, `outcome has to be one of not_met, `},
		"a stage":             {actions.Query{Stages: []string{"deprecated"}}, `stage has to be one of current, preview; it is "deprecated"`},
		"a product":           {actions.Query{Products: []string{"entra"}}, `product has to be one of defender_endpoint, entra_id, intune, purview; it is "entra"`},
		"a tag":               {actions.Query{Tags: []string{"q5"}}, `tag has to be one of board, q4; it is "q5"`},
		"a framework":         {actions.Query{Frameworks: []string{"cis:1"}}, `framework has to be one of scuba; it is "cis"`},
		"an entry of another": {actions.Query{Frameworks: []string{"scuba:A.3"}}, `framework has to be one of scuba:A.1, scuba:A.2; it is "scuba:A.3"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := test.query.Find(some())
			var unknown *actions.UnknownValueError
			if !errors.As(err, &unknown) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v\nwant %s", err, test.want)
			}
		})
	}
	if _, err := (&actions.Query{Tags: []string{"x"}}).Find(&engine.Assessment{}); err == nil || err.Error() != `tag can't be "x": there are none` {
		t.Errorf("where there are no tags: %v", err)
	}
}

func TestSort(t *testing.T) {
	for by, want := range map[string]string{
		"rank":   "Ciphers Admins Backups Devices Entries",
		"points": "Backups Admins Ciphers Devices Entries",
		"left":   "Ciphers Entries Admins Backups Devices",
		"id":     "Admins Backups Ciphers Devices Entries",
		"title":  "Entries Devices Admins Ciphers Backups",
		"status": "Ciphers Devices Admins Entries Backups",
		"impact": "Ciphers Entries Admins Backups Devices",
	} {
		list := must.Get((&actions.Query{}).Find(some()))(t)
		actions.Sort(list, by)
		expect.Equalf(t, want, ids(list), "by %s", by)
	}
	if len(actions.Orders()) != 7 {
		t.Errorf("not all orders are tried: %q", actions.Orders())
	}
}

func TestGroupBy(t *testing.T) {
	for by, want := range map[string]string{
		"":         "=Admins Backups Ciphers Devices Entries",
		"status":   "to_address=Ciphers Devices, planned=Admins, risk_accepted=Entries, completed=Backups",
		"category": "identity=Admins Entries, device=Ciphers Devices, data=Backups",
		"product":  "defender_endpoint=Ciphers, entra_id=Admins Entries, intune=Devices, purview=Backups",
		"outcome":  "not_met=Ciphers Entries, partial=Admins, complete=Backups, not_applicable=Devices",
		"tier":     "core=Admins Ciphers Devices Entries, advanced=Backups",
	} {
		list := must.Get((&actions.Query{}).Find(some()))(t)
		var got []string
		achieved, total, left := score.Points(0), score.Points(0), score.Points(0)
		for _, group := range actions.GroupBy(list, by) {
			got = append(got, group.Name+"="+ids(group.Actions))
			achieved, total, left = achieved+group.Achieved, total+group.Total, left+group.Left
		}
		expect.Equalf(t, want, strings.Join(got, ", "), "by %q", by)
		if achieved != 9_33 || total != 34_00 || left != 24_67 {
			t.Errorf("by %q groups add up to %s of %s points and %s left", by, achieved, total, left)
		}
	}
	if got := actions.GroupBy(nil, "status"); len(got) != 0 {
		t.Errorf("nothing makes the groups %v", got)
	}
}

func TestRank(t *testing.T) {
	a := some()
	get := func(id string) *engine.Action {
		action, ok := actions.Get(a, id)
		if !ok {
			t.Fatalf("there is no %s", id)
		}
		return action
	}
	ciphers := actions.Standing{Rank: 1, ID: "Ciphers", Left: 10_00, Effort: 3, Value: "3.333333…"}
	admins := actions.Standing{Rank: 2, ID: "Admins", Left: 4_67, Effort: 6, Value: "0.778333…"}
	want := &actions.Ranking{
		Standing: ciphers, Of: 2, Difficulty: actions.Level{Level: "low", Weight: 1}, UserImpact: actions.Level{Level: "low", Weight: 1},
		Complexity: actions.Level{Level: "low", Weight: 1}, Waits: []string{"license P1 or P2", "Admins"}, Neighbours: []actions.Standing{admins},
	}
	expect.Equal(t, want, actions.Rank(a, get("Ciphers")))
	for id, why := range map[string]string{
		"Admins": "", "Backups": "nothing is left to earn", "Devices": "it does not apply to this tenant", "Entries": "its risk is accepted",
	} {
		if got := actions.Rank(a, get(id)); got.Why != why {
			t.Errorf("%s has no rank because %q, want %q", id, got.Why, why)
		}
	}
	if _, ok := actions.Get(a, "Nowhere"); ok {
		t.Error("an action was found that is not there")
	}
}

// TestNeighbours sees to it that the first and the last have neighbours on one side only.
func TestNeighbours(t *testing.T) {
	a := &engine.Assessment{}
	for i, id := range strings.Fields("A B C D E F") {
		a.Actions = append(a.Actions, engine.Action{ID: id, Rank: 6 - i, Points: engine.ActionPoints{Max: score.Points(i + 1)}})
	}
	for id, want := range map[string]string{"F": "E D", "E": "F D C", "C": "E D B A", "A": "C B"} {
		action, _ := actions.Get(a, id)
		var got []string
		for _, n := range actions.Rank(a, action).Neighbours {
			got = append(got, n.ID)
		}
		expect.Equalf(t, want, strings.Join(got, " "), "of %s", id)
	}
}
