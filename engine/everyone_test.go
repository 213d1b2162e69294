package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
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
