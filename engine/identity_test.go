package engine_test

import (
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/must"
)

// TestEveryMemberOfAFamily takes the controls that share a rule from the catalog, and has each of them
// met and not met by evidence that is made of its parameters. So a new member is tested by being there.
func TestEveryMemberOfAFamily(t *testing.T) {
	t.Parallel()
	cat := builtin(t)
	tests := map[string]func(parameters map[string]any, met bool) data{
		"policies.defender_identity.exposed_entities": func(parameters map[string]any, met bool) data {
			return assessments(map[string]list{parameters["assessment"].(string): exposed(!met)})
		},
		"policies.defender_identity.sensors": func(parameters map[string]any, met bool) data {
			var servers list
			for _, role := range parameters["roles"].(list) {
				servers = append(servers, object{"server": "of " + role.(string), "role": role, "sensorInstalled": met})
			}
			return data{"defender_identity.sensors": servers}
		},
		"policies.defender_identity.settings": func(parameters map[string]any, met bool) data {
			var value any = met
			if parameters["listed"] == true {
				if value = (list{}); met {
					value = list{"svc-archive"}
				}
			}
			for _, step := range slices.Backward(parameters["setting"].(list)) {
				value = object{step.(string): value}
			}
			return data{"defender_identity.settings": value}
		},
	}
	for rule, evidence := range tests {
		t.Run(rule, func(t *testing.T) {
			t.Parallel()
			members, e := family(t, cat, rule)
			for _, member := range members {
				values := member.ParameterValues()
				if met := verdictOn(t, e, member, evidence(values, true)); met.Outcome != engine.Complete || met.Points.Achieved != met.Points.Max {
					t.Errorf("%s, met: %s", member.ID, brief(met))
				}
				if not := verdictOn(t, e, member, evidence(values, false)); not.Outcome != engine.NotMet || not.Points.Achieved != 0 {
					t.Errorf("%s, not met: %s", member.ID, brief(not))
				}
			}
		})
	}
}

// TestAnAssessmentDecidesItsOwnControlAlone exposes something in one posture assessment after another,
// and then leaves it out: each time one control of all earns nothing.
func TestAnAssessmentDecidesItsOwnControlAlone(t *testing.T) {
	t.Parallel()
	members, e := family(t, builtin(t), "policies.defender_identity.exposed_entities")
	results := map[string]list{}
	for _, member := range members {
		results[member.ParameterValues()["assessment"].(string)] = exposed(false)
	}
	if len(results) != len(members) {
		t.Errorf("%d controls share %d assessments", len(members), len(results))
	}
	tests := map[string]struct {
		change func(assessment string)
		reason string
	}{
		"exposed":  {func(assessment string) { results[assessment] = exposed(true) }, "exposed entities: 1"},
		"left out": {func(assessment string) { delete(results, assessment) }, "the evidence holds no result for this assessment"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, member := range members {
				assessment := member.ParameterValues()["assessment"].(string)
				test.change(assessment)
				a := must.Get(e.Assess(t.Context(), bundle(t, assessments(results)), engine.AssessOptions{}))(t)
				results[assessment] = exposed(false)
				for _, action := range a.Actions {
					switch {
					case action.ID != member.ID:
						if action.Outcome != engine.Complete {
							t.Errorf("%s of %s also decides %s: %s", assessment, member.ID, action.ID, brief(action))
						}
					case action.Outcome != engine.NotMet || action.Points.Achieved != 0 || !slices.Equal(action.Reasons, []string{test.reason}):
						t.Errorf("%s: %s", member.ID, brief(action))
					}
				}
			}
		})
	}
}

// family returns the controls that a rule decides, compiled.
func family(t *testing.T, cat *catalog.Catalog, rule string) ([]*catalog.Control, *engine.Engine) {
	t.Helper()
	members := cat.Select(func(c *catalog.Control) bool { return c.Package == rule })
	if len(members.Controls()) == 0 {
		t.Fatalf("%s decides no control", rule)
	}
	e := must.Get(engine.Compile(t.Context(), members, engine.Options{}))(t)
	return members.Controls(), e
}

// verdictOn returns the result of one control.
func verdictOn(t *testing.T, e *engine.Engine, control *catalog.Control, evidence data) engine.Action {
	t.Helper()
	a := must.Get(e.Assess(t.Context(), bundle(t, evidence), engine.AssessOptions{}))(t)
	return *action(t, a, control.ID)
}

// assessments is the evidence of posture assessments, by what each names.
func assessments(results map[string]list) data {
	content := list{}
	for _, assessment := range sortedNames(results) {
		content = append(content, object{"controlId": assessment, "exposedEntities": results[assessment]})
	}
	return data{"defender_identity.assessments": content}
}

func exposed(something bool) list {
	if !something {
		return list{}
	}
	return list{object{"name": "svc-old", "domain": "corp.contoso.example", "type": "User"}}
}
