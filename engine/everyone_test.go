package engine_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
)

// coveredBlock is a control over users that policies cover, alone or by their groups.
const coveredBlock = `
  coverage "entra.users" {
    when_empty = %q
    join "registration" {
      dataset = "entra.user_registration"
    }
  }
  context = ["entra.conditional_access_policies", "entra.security_defaults"]
`

// coveredRule decides for a user, and for everyone, whether an enabled policy includes them and has no
// exclusions, or the security defaults are on.
const coveredRule = `
default compliant := false

compliant if data.evidence.entra.security_defaults.isEnabled == true

compliant if {
	some policy in enabled
	some id in policy.conditions.users.includeUsers
	id in {"All", input.id}
	not input.id in policy.conditions.users.excludeUsers
}

enabled := [policy | some policy in data.evidence.entra.conditional_access_policies; policy.state == "enabled"]

everyone if data.evidence.entra.security_defaults.isEnabled == true

everyone if {
	some policy in enabled
	"All" in policy.conditions.users.includeUsers
	count(policy.conditions.users.excludeUsers) == 0
}
`

// nobodyRule is what a control without when_empty = "full" may add.
const nobodyRule = `
everyone := false if {
	is_array(data.evidence.entra.conditional_access_policies)
	data.evidence.entra.security_defaults.isEnabled == false
	count(enabled) == 0
}
`

func policyFor(state string, include, exclude list) object {
	return object{"id": fmt.Sprint(state, include, exclude), "state": state, "conditions": object{"users": object{"includeUsers": include, "excludeUsers": exclude}}}
}

// TestEveryone says when an action is decided without its records, and that exclusions then have no effect.
func TestEveryone(t *testing.T) {
	t.Parallel()
	off, on := object{"isEnabled": false}, object{"isEnabled": true}
	all, some := policyFor("enabled", list{"All"}, list{}), policyFor("enabled", list{"All"}, list{"u1"})
	const missing = " missing [entra.user_registration entra.users]; "
	const lacks = "entra.user_registration is not in the evidence; entra.users is not in the evidence"
	for _, test := range []struct {
		name string
		data data
		want string
	}{
		{
			"true",
			data{"entra.conditional_access_policies": list{some, all}, "entra.security_defaults": off},
			"everyone complete 10" + missing + "everyone complies, by policy: no records were counted; " + lacks,
		},
		{
			"false",
			data{"entra.conditional_access_policies": list{}, "entra.security_defaults": off},
			"everyone not_met 0" + missing + "nobody complies, by policy: no records were counted; " + lacks,
		},
		{
			"neither",
			data{"entra.conditional_access_policies": list{some}, "entra.security_defaults": off},
			"no_evidence 0" + missing + lacks,
		},
		{
			"by the documents that are left",
			data{"entra.conditional_access_policies": errors.New("denied"), "entra.security_defaults": on},
			"everyone complete 10 missing [entra.conditional_access_policies entra.user_registration entra.users]; everyone complies, by policy: no records were counted; " +
				"entra.conditional_access_policies could not be collected: denied; " + lacks,
		},
		{
			"nothing is left",
			data{"entra.domains": list{}},
			"no_evidence 0 missing [entra.conditional_access_policies entra.security_defaults entra.user_registration entra.users]; " +
				"entra.conditional_access_policies is not in the evidence; entra.security_defaults is not in the evidence; " + lacks,
		},
		{
			"a join is missing",
			data{"entra.conditional_access_policies": list{all}, "entra.security_defaults": off, "entra.users": users("u1")},
			"everyone complete 10 missing [entra.user_registration]; everyone complies, by policy: no records were counted; entra.user_registration is not in the evidence",
		},
		{
			"a document is no document",
			data{"entra.conditional_access_policies": list{all}, "entra.security_defaults": object{"isEnabled": "no"}, "entra.users": users("u1"), "entra.user_registration": list{}},
			"everyone complete 10; everyone complies, by policy: no records were counted; entra.security_defaults is not what its schema says: record 1, /isEnabled: want boolean, got string",
		},
		{
			"a join failed",
			data{"entra.conditional_access_policies": list{}, "entra.security_defaults": on, "entra.user_registration": errors.New("denied"), "entra.users": users("u1")},
			"everyone complete 10 missing [entra.user_registration]; everyone complies, by policy: no records were counted; entra.user_registration could not be collected: denied",
		},
		{
			"records are counted",
			data{"entra.conditional_access_policies": list{all}, "entra.security_defaults": off, "entra.users": users("u1"), "entra.user_registration": list{}},
			"complete 10 1/1/1 []",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, topdown := range []bool{false, true} {
				cat := load(t, fmt.Sprintf(coveredBlock, "not_applicable"), coveredRule+nobodyRule)
				a := assess(t, cat, bundle(t, test.data), engine.Options{Interpreter: topdown}, engine.AssessOptions{}).Actions[0]
				got := brief(a)
				if a.Everyone {
					got = "everyone " + got
				}
				expect.Equalf(t, test.want, got, "topdown %v", topdown)
			}
		})
	}
}

// TestEveryoneFails holds that a rule that contradicts itself, or isn't a boolean, is an error; that an
// empty population is not one in which nobody complies; and that exclusions don't change what holds for
// everyone.
func TestEveryoneFails(t *testing.T) {
	t.Parallel()
	there := data{
		"entra.conditional_access_policies": list{}, "entra.security_defaults": object{"isEnabled": false},
		"entra.users": users("u1", "u2"), "entra.user_registration": list{},
	}
	absent := data{"entra.conditional_access_policies": list{}, "entra.security_defaults": object{"isEnabled": false}}
	excluded := map[string]engine.Decision{"C": {Exclude: []engine.Exclusion{{Key: "u1"}}}}
	simple := "default compliant := false\ncompliant if input.id == \"u1\"\n"
	for _, test := range []struct {
		name      string
		empty     string
		rego      string
		data      data
		decisions map[string]engine.Decision
		want      string
	}{
		{"too much is said", "full", simple + "everyone := true", there, nil, "error 0; u2: by the rule everyone complies, and this record does not: correct everyone or compliant; []"},
		{"too little is said", "not_applicable", simple + "everyone := false", there, nil, "error 0; u1: by the rule nobody complies, and this record does: correct everyone or compliant; []"},
		{"what is left out contradicts nothing", "not_applicable", simple + "everyone := false", there, excluded, "not_met 0 0/1/2 [u2]; []"},
		{"no verdict", "full", simple + `everyone := "yes"`, there, nil, "error 0; everyone has to be true or false; it is string; []"},
		{"no verdict, no records", "full", simple + `everyone := "yes"`, absent, nil, "error 0; everyone has to be true or false; it is string; []"},
		{
			"there may be nobody", "full", simple + "everyone := data.evidence.entra.security_defaults.isEnabled", absent, nil,
			"no_evidence 0 missing [entra.user_registration entra.users]; entra.user_registration is not in the evidence; entra.users is not in the evidence; []",
		},
		{
			"exclusions", "full", simple + "everyone if data.evidence.entra.security_defaults.isEnabled == false", absent, excluded,
			"complete 10 missing [entra.user_registration entra.users]; everyone complies, by policy: no records were counted; entra.user_registration is not in the evidence; " +
				"entra.users is not in the evidence; [its exclusions have no effect: the action was decided for everyone, by policy]",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			cat := load(t, fmt.Sprintf(coveredBlock, test.empty), test.rego)
			a := assess(t, cat, bundle(t, test.data), engine.Options{}, engine.AssessOptions{Decisions: test.decisions}).Actions[0]
			expect.Equal(t, test.want, fmt.Sprintf("%s; %v", brief(a), a.Findings))
		})
	}
}

// TestEveryoneOfNobody holds that nothing is decided for everyone if the population is known to be empty.
func TestEveryoneOfNobody(t *testing.T) {
	t.Parallel()
	block := "coverage \"entra.groups\" {\nwhen_empty = \"not_applicable\"\njoin \"roles\" {\ndataset = \"entra.role_assignments\"\non = \"principalId\"\nmany = true\n}\n}"
	cat := load(t, block, "default compliant := false\neveryone := true")
	a := assess(t, cat, bundle(t, data{"entra.groups": list{}}), engine.Options{}, engine.AssessOptions{}).Actions[0]
	want := "no_evidence 0 missing [entra.role_assignments]; entra.role_assignments is not in the evidence"
	expect.Equal(t, want, brief(a))
}

// TestEveryoneAgrees generates tenants, removes datasets, and holds that what is decided for everyone is
// what counting finds.
func TestEveryoneAgrees(t *testing.T) {
	t.Parallel()
	catalogs := map[string]*catalog.Catalog{
		"full":           load(t, fmt.Sprintf(coveredBlock, "full"), coveredRule),
		"not_applicable": load(t, fmt.Sprintf(coveredBlock, "not_applicable"), coveredRule+nobodyRule),
	}
	decided := map[engine.Outcome]int{}
	for seed := range uint64(150) {
		random := rand.New(rand.NewPCG(seed, 11))
		whole := inventedTenant(random)
		reduced := data{}
		for name, content := range whole {
			if name != "entra.users" && random.IntN(5) > 0 {
				reduced[name] = content
			}
		}
		for name, cat := range catalogs {
			got := assess(t, cat, bundle(t, reduced), engine.Options{}, engine.AssessOptions{}).Actions[0]
			want := assess(t, cat, bundle(t, whole), engine.Options{}, engine.AssessOptions{}).Actions[0]
			if want.Outcome == engine.Errored {
				t.Fatalf("seed %d, %s: %v", seed, name, want.Reasons)
			}
			if !got.Everyone {
				continue
			}
			decided[got.Outcome]++
			if want.Outcome != engine.NotApplicable && want.Outcome != got.Outcome {
				t.Errorf("seed %d, %s: %s for everyone, %s by records", seed, name, got.Outcome, brief(want))
			}
		}
	}
	if decided[engine.Complete] < 10 || decided[engine.NotMet] < 10 {
		t.Errorf("decided for everyone: %v, too little to compare", decided)
	}
}

// inventedTenant is a tenant of few users and policies.
func inventedTenant(random *rand.Rand) data {
	names := func(all ...any) list {
		picked := list{}
		for _, name := range all {
			if random.IntN(3) == 0 {
				picked = append(picked, name)
			}
		}
		return picked
	}
	policies := list{}
	for i := range random.IntN(4) {
		state := []string{"enabled", "disabled", "enabledForReportingButNotEnforced"}[random.IntN(3)]
		policy := policyFor(state, names("All", "u0", "u1"), names("u0", "u2"))
		policy["id"] = fmt.Sprint("p", i)
		policies = append(policies, policy)
	}
	var ids []string
	for i := range random.IntN(4) {
		ids = append(ids, fmt.Sprint("u", i))
	}
	return data{
		"entra.conditional_access_policies": policies, "entra.users": users(ids...), "entra.user_registration": list{},
		"entra.security_defaults": object{"isEnabled": random.IntN(6) == 0},
	}
}

// TestEveryoneIsReported holds that the JSON of an action says when no records were counted.
func TestEveryoneIsReported(t *testing.T) {
	t.Parallel()
	cat := load(t, fmt.Sprintf(coveredBlock, "full"), coveredRule)
	a := assess(t, cat, bundle(t, data{"entra.security_defaults": object{"isEnabled": true}}), engine.Options{}, engine.AssessOptions{})
	text := conforms(t, a)
	if !strings.Contains(text, `"everyone":true`) || strings.Contains(text, `"coverage":{`) {
		t.Errorf("got %s", text)
	}
}
