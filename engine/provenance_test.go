package engine_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestBasis holds that an assessment of a sample tenant says what its verdicts rest on, in a twentieth of its size.
func TestBasis(t *testing.T) {
	t.Parallel()
	b := must.Get(evidence.Open(t.Context(), filepath.Join("..", "testdata", "contoso"), evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	a := must.Get(compiled(t, builtin(t), engine.Options{}).Assess(t.Context(), b, engine.AssessOptions{}))(t)
	with := len(conforms(t, a))
	actions := map[string]*engine.Action{}
	rules := map[string]bool{}
	for i := range a.Actions {
		action := &a.Actions[i]
		actions[action.ID] = action
		rules[action.Rule] = true
		if (action.Rule == "") != (action.Kind == "attested") || (action.Population == "") != (action.Kind != "coverage") {
			t.Errorf("%s, a %s, has the rule %q and the population %q", action.ID, action.Kind, action.Rule, action.Population)
		}
	}
	if len(rules) < 40 {
		t.Errorf("all actions together have %d rules", len(rules))
	}
	for id, want := range map[string]engine.Basis{
		"AdminMFAV2":     {Timed: true, Population: "entra.users"}, // roles are held for a time
		"OneAdmin":       {Timed: true},
		"PWAgePolicyNew": {},
		"scid_91":        {Timed: true, Population: "defender_endpoint.secure_configuration"}, // devices that were not seen for long
		"MDA_Okta_MFA":   {Population: "saas.apps"},
	} {
		if actions[id] == nil {
			t.Errorf("there is no action %s", id)
			continue
		}
		want.Rule = actions[id].Rule
		expect.Equalf(t, want, actions[id].Basis, "%s", id)
	}
	subjects := map[string]string{}
	for i, d := range a.Evidence.Datasets {
		subjects[d.Name], a.Evidence.Datasets[i].Subject = d.Subject, ""
	}
	for name, want := range map[string]string{"entra.users": "user", "defender_endpoint.secure_configuration": "device", "exchange.mailboxes": "mailbox", "entra.security_defaults": ""} {
		expect.Equalf(t, want, subjects[name], "%s", name)
	}
	for i := range a.Actions {
		a.Actions[i].Basis = engine.Basis{}
	}
	without := len(must.Get(json.MarshalIndent(a, "", "  "))(t))
	if with-without > without/20 {
		t.Errorf("%d bytes instead of %d", with, without)
	}
}

const minAge = `coverage "entra.users" {
	when_empty = "full"
}

parameter "names" {
	type    = list(string)
	default = ["ada"]
}

parameter "count" {
	type    = number
	default = 2
}`

const readsNames = "default compliant := false\n\ncompliant if input.id in data.parameters.names\n\nreasons contains \"few\" if data.parameters.count > 1\n"

// TestParametersAndRule tells apart what changed of a control: its rule, what it declares, or the parameters that an organization
// sets. How a file writes them makes no difference.
func TestParametersAndRule(t *testing.T) {
	t.Parallel()
	b := bundle(t, data{"entra.users": users("ada", "grace")})
	assessed := func(cat *catalog.Catalog) *engine.Assessment {
		return assess(t, cat, b, engine.Options{}, engine.AssessOptions{})
	}
	overridden := func(cat *catalog.Catalog, file, text string) *engine.Assessment {
		return assessed(must.Get(cat.WithParameters(file, []byte(text)))(t))
	}
	cat := load(t, minAge, readsNames)
	own := assessed(cat)
	set := overridden(cat, filepath.Join("of", "ours.hcl"), `control "C" { names = ["grace"] }`)
	again := overridden(cat, "theirs.hcl", "control \"C\" {\n  count = 2 # as it is\n  names = [\"grace\"]\n}\n")
	other := overridden(cat, "ours.hcl", `control "C" { names = ["ada", "grace"] }`)
	expect.Equal(t, (*engine.Parameters)(nil), own.Catalog.Parameters)
	expect.Equal(t, &engine.Parameters{File: "ours.hcl", Digest: set.Catalog.Parameters.Digest, Base: own.Catalog.Digest}, set.Catalog.Parameters)
	expect.Equal(t, &engine.Parameters{File: "theirs.hcl", Digest: set.Catalog.Parameters.Digest, Base: own.Catalog.Digest}, again.Catalog.Parameters)
	if other.Catalog.Parameters.Digest == set.Catalog.Parameters.Digest || set.Catalog.Digest == own.Catalog.Digest {
		t.Error("other values have the same digest")
	}
	expect.Equal(t, map[string]any{"names": []any{"grace"}}, set.Actions[0].Parameters)
	expect.Equal(t, map[string]any(nil), own.Actions[0].Parameters)
	rule := own.Actions[0].Rule
	expect.Equalf(t, rule, set.Actions[0].Rule, "with other parameters")
	expect.Equalf(t, rule, assessed(load(t, minAge+"\n\nparameter \"more\" {\n\ttype = number\n\tdefault = 1\n}\n", readsNames)).Actions[0].Rule, "with other facts")
	if assessed(load(t, minAge, readsNames+"\n# another\n")).Actions[0].Rule == rule {
		t.Error("another text of the rule has the same digest")
	}
	conforms(t, set)
}

// TestRegisterDigest holds that the digest of decisions follows from what they say, and from all of it.
func TestRegisterDigest(t *testing.T) {
	t.Parallel()
	cat := load(t, everyUserFails, "default compliant := false")
	b := bundle(t, data{"entra.users": users("ada")})
	at := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	elsewhere := at.In(time.FixedZone("", 3600))
	digest := func(decisions map[string]engine.Decision) string {
		a := assess(t, cat, b, engine.Options{}, engine.AssessOptions{Decisions: decisions})
		conforms(t, a)
		if a.Register == nil {
			return ""
		}
		expect.Equal(t, len(decisions), a.Register.Decisions)
		return a.Register.Digest
	}
	one := func(at *time.Time, reason string) map[string]engine.Decision {
		return map[string]engine.Decision{"C": {
			Status: engine.Planned, Due: at, Expires: at, Reason: reason, Notes: []engine.Note{{Time: *at, Author: "a", Text: "b"}},
			Exclude: []engine.Exclusion{{Key: "x", Reason: "y", Expires: at}},
		}}
	}
	expect.Equal(t, "", digest(nil))
	expect.Equal(t, digest(one(&at, "r")), digest(one(&elsewhere, "r")))
	digests := map[string]bool{}
	for _, decisions := range []map[string]engine.Decision{one(&at, "r"), one(&at, "s"), {"C": {}}, {"C": {}, "Nobody": {}}} {
		digests[digest(decisions)] = true
	}
	if len(digests) != 4 {
		t.Errorf("four registers have the digests %v", slices.Sorted(maps.Keys(digests)))
	}
}
