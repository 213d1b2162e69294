package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/records"
	"github.com/posture-score/posture/internal/score"
	"github.com/posture-score/posture/schemas"
)

// assorted is a catalog of many controls over users, each with another worth, category and product.
// Some ask for a license that the tenant has, some for one that it lacks, and one of the products is
// not licensed at all.
func assorted(t *testing.T, random *rand.Rand, size int) *catalog.Catalog {
	t.Helper()
	return loadFiles(t, assortedFiles(random, size))
}

// assortedFiles are the files of such a catalog.
func assortedFiles(random *rand.Rand, size int) map[string]string {
	files := map[string]string{
		"catalog.hcl": "product \"one\" {\n  title = \"One\"\n}\nproduct \"two\" {\n  title = \"Two\"\n  service_plans = [\"HELD\"]\n}\n" +
			"product \"three\" {\n  title = \"Three\"\n  service_plans = [\"LACKED\"]\n}\n",
		"test/c.rego": "package policies.test.c\n\n" + countedRule,
	}
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	var text strings.Builder
	for i := range size {
		fmt.Fprintf(&text, `
control "C%02d" {
  title       = "Control %d"
  category    = %q
  product     = %q
  points      = %s
  tier        = "core"
  difficulty  = %q
  user_impact = %q
  threats     = []
  source      = "a test"
  coverage "entra.users" {
    when_empty = "not_applicable"
    credit     = %q
  }
  prerequisite {
    service_plans = [%q]
  }
  implementation {
    steps = ["do it"]
  }
}
`, i, i, pick("identity", "device", "apps", "data"), pick("one", "one", "two", "two", "three"), score.Points(random.IntN(1001)),
			pick("low", "moderate", "high", "unknown"), pick("low", "moderate", "high"), pick("partial", "partial", "all_or_nothing"), pick("HELD", "HELD", "LACKED"))
	}
	files["test/c.hcl"] = text.String()
	return files
}

// randomDecisions decides about some of the controls, and about one that does not exist.
func randomDecisions(random *rand.Rand, cat *catalog.Catalog) map[string]engine.Decision {
	statuses := []engine.Status{engine.ToAddress, engine.Planned, engine.RiskAccepted, engine.ThirdParty, engine.AlternateMitigation}
	decisions := map[string]engine.Decision{"Gone": {Status: engine.Planned}}
	for _, control := range cat.Controls() {
		d := engine.Decision{Status: statuses[random.IntN(len(statuses))]}
		if random.IntN(3) == 0 {
			d.Expires = on([]string{"2026-09-01", "2026-10-03", "2027-01-01"}[random.IntN(3)])
		}
		for _, key := range []string{"good1", "good2", "bad1", "bad2", "out1"} {
			if random.IntN(6) == 0 {
				d.Exclude = append(d.Exclude, engine.Exclusion{Key: key, Reason: "a test"})
			}
		}
		if random.IntN(4) > 0 {
			decisions[control.ID] = d
		}
	}
	return decisions
}

// TestScoreInvariants holds what must be true of every assessment, whatever the evidence and the decisions.
func TestScoreInvariants(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 8))
	cat := assorted(t, random, 24)
	compiled := must.Get(engine.Compile(t.Context(), cat, engine.Options{}))(t)
	skus := list{sku("s", "Enabled", 3, "HELD")}
	var bundles []*evidence.Bundle
	for _, people := range []any{
		users("good1", "good2", "bad1"), users("good1", "good2"), users("bad1", "bad2", "out1"), users("err"), list{}, errors.New("denied"),
	} {
		bundles = append(bundles, bundle(t, data{"entra.users": people, "entra.subscribed_skus": skus}), bundle(t, data{"entra.users": people}))
	}
	for round := range 500 {
		settings := engine.AssessOptions{Decisions: randomDecisions(random, cat)}
		a := must.Get(compiled.Assess(t.Context(), bundles[round%len(bundles)], settings))(t)
		checkScore(t, a)
		checkActions(t, a)
		if t.Failed() {
			t.Fatalf("round %d: %+v", round, settings.Decisions)
		}
	}
}

// columns are the sums of a score, or of a part of it.
type columns struct{ Achieved, Total, Planned, CurrentLicense, Achievable score.Points }

func columnsOf(achieved, total score.Points, v engine.Views) columns {
	return columns{achieved, total, v.Planned.Points, v.CurrentLicense.Points, v.Achievable.Points}
}

func (c *columns) add(d columns) {
	c.Achieved += d.Achieved
	c.Total += d.Total
	c.Planned += d.Planned
	c.CurrentLicense += d.CurrentLicense
	c.Achievable += d.Achievable
}

func (c columns) ordered() bool {
	return c.Achieved <= c.Planned && c.Planned <= c.Total && c.Achieved <= c.Achievable && c.Achievable <= c.CurrentLicense && c.CurrentLicense <= c.Total
}

// checkScore adds the actions up by the definitions, and compares the score, its categories and its
// products with that.
func checkScore(t *testing.T, a *engine.Assessment) {
	t.Helper()
	want := map[string]columns{}
	for _, action := range a.Actions {
		if !action.Counts() {
			continue
		}
		c := columns{Achieved: action.Points.Achieved, Total: action.Points.Max}
		c.Planned, c.CurrentLicense, c.Achievable = c.Achieved, c.Achieved, c.Achieved
		if action.Status == engine.Planned {
			c.Planned += action.Left()
		}
		if action.Licensed() {
			c.CurrentLicense += action.Left()
		}
		if action.Licensed() && action.Status != engine.RiskAccepted {
			c.Achievable += action.Left()
		}
		for _, part := range []string{"all", "category " + action.Category, "product " + action.Product} {
			sum := want[part]
			sum.add(c)
			want[part] = sum
		}
	}
	got := map[string]columns{}
	if all := columnsOf(a.Score.Achieved, a.Score.Total, a.Score.Views); all != (columns{}) || len(want) > 0 {
		got["all"] = all
	}
	var categories, products columns
	for _, c := range a.Score.Categories {
		got["category "+c.Category] = columnsOf(c.Achieved, c.Total, c.Views)
		categories.add(got["category "+c.Category])
	}
	for _, p := range a.Score.Products {
		got["product "+p.Product] = columnsOf(p.Achieved, p.Total, p.Views)
		products.add(got["product "+p.Product])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("score (-by definition +got):\n%s", diff)
	}
	if categories != got["all"] || products != got["all"] {
		t.Errorf("categories add up to %v, products to %v, the score is %v", categories, products, got["all"])
	}
	for part, c := range got {
		if !c.ordered() {
			t.Errorf("%s is out of order: %+v", part, c)
		}
	}
}

// checkActions holds what must be true of each action, and that ranks are 1, 2, 3 ... of what is left to do.
func checkActions(t *testing.T, a *engine.Assessment) {
	t.Helper()
	ranks, left := map[int]string{}, 0
	for _, action := range a.Actions {
		p := action.Points
		if p.ByEvidence < 0 || p.ByEvidence > p.Achieved || p.Achieved > p.Max {
			t.Errorf("%s: %v by evidence, %v achieved, %v at most", action.ID, p.ByEvidence, p.Achieved, p.Max)
		}
		if p.Achieved != p.ByEvidence && !action.Status.Resolves() {
			t.Errorf("%s is %s, and earns %v instead of %v", action.ID, action.Status, p.Achieved, p.ByEvidence)
		}
		if (action.Outcome == engine.Complete) != (action.Status == engine.Completed) {
			t.Errorf("%s is %s and %s", action.ID, action.Outcome, action.Status)
		}
		if ranked := action.Left() > 0 && action.Status != engine.RiskAccepted; ranked != (action.Rank > 0) {
			t.Errorf("%s with %v left and status %s has rank %d", action.ID, action.Left(), action.Status, action.Rank)
		}
		if action.Rank > 0 {
			ranks[action.Rank] = action.ID
			left++
		}
	}
	for rank := range left {
		if ranks[rank+1] == "" {
			t.Errorf("nothing has rank %d of %d", rank+1, left)
		}
	}
}

// TestPublishedExamples are the worked examples that Microsoft publishes, and a public tenant's case.
func TestPublishedExamples(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		points             string
		compliant, inScope int
		want               string
	}{
		{"10", 50, 100, "partial 5 of 10"}, // Microsoft Learn: 50 of 100 users are protected, of 10 points 5 are earned
		{"9", 25, 52, "partial 4.33 of 9"}, // a public tenant
	} {
		var ids []string
		for i := range test.inScope {
			word := "bad"
			if i < test.compliant {
				word = "good"
			}
			ids = append(ids, fmt.Sprint(word, i))
		}
		cat := loadFiles(t, map[string]string{
			"catalog.hcl": `product "test" { title = "Test" }`,
			"test/c.hcl":  "control \"C\" {\n" + strings.Replace(facts, "= 10", "= "+test.points, 1) + counted + "\n}\n",
			"test/c.rego": "package policies.test.c\n\n" + countedRule,
		})
		a := assess(t, cat, bundle(t, data{"entra.users": users(ids...)}), engine.Options{}, engine.AssessOptions{}).Actions[0]
		expect.Equalf(t, test.want, fmt.Sprintf("%s %s of %s", a.Outcome, a.Points.Achieved, a.Points.Max), "%d of %d", test.compliant, test.inScope)
	}
}

// TestSecurityDefaults: they earn the full points of three actions, as Microsoft's page says, whoever
// has registered. An organization that overrides the parameter counts those who have.
func TestSecurityDefaults(t *testing.T) {
	t.Parallel()
	const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10"
	tenant := func(enabled bool) data {
		return data{
			"entra.users":                       users("admin", "ada", "bo", "cy"),
			"entra.user_registration":           list{object{"id": "bo", "isMfaRegistered": true}, object{"id": "ada", "isMfaRegistered": true}},
			"entra.role_assignments":            list{object{"id": "1", "principalId": "admin", "roleDefinitionId": globalAdministrator, "directoryScopeId": "/"}},
			"entra.group_members":               list{},
			"entra.group_member_lists":          list{},
			"entra.conditional_access_policies": list{},
			"entra.authentication_strengths":    list{},
			"entra.security_defaults":           object{"isEnabled": enabled},
		}
	}
	cat := builtin(t).Select(func(c *catalog.Control) bool {
		return c.ID == "AdminMFAV2" || c.ID == "BlockLegacyAuthentication" || c.ID == "MFARegistrationV2"
	})
	var parameters strings.Builder
	for _, id := range []string{"AdminMFAV2", "MFARegistrationV2"} {
		fmt.Fprintf(&parameters, "control %q {\n  security_defaults_award_full_points = false\n}\n", id)
	}
	counted := must.Get(cat.WithParameters("parameters.hcl", []byte(parameters.String())))(t)
	for _, test := range []struct {
		name    string
		catalog *catalog.Catalog
		enabled bool
		want    []string
	}{
		{"off", cat, false, []string{"AdminMFAV2 not_met 0 of 10", "BlockLegacyAuthentication not_met 0 of 8", "MFARegistrationV2 partial 4.5 of 9"}},
		{"on", cat, true, []string{"AdminMFAV2 complete 10 of 10", "BlockLegacyAuthentication complete 8 of 8", "MFARegistrationV2 complete 9 of 9"}},
		{"on, by registration", counted, true, []string{"AdminMFAV2 not_met 0 of 10", "BlockLegacyAuthentication complete 8 of 8", "MFARegistrationV2 partial 4.5 of 9"}},
	} {
		var got []string
		for _, a := range assess(t, test.catalog, bundle(t, tenant(test.enabled)), engine.Options{}, engine.AssessOptions{}).Actions {
			got = append(got, fmt.Sprintf("%s %s %s of %s", a.ID, a.Outcome, a.Points.Achieved, a.Points.Max))
		}
		expect.Equalf(t, test.want, got, "%s", test.name)
	}
}

// TestSamplesWithARegister assesses the sample tenants with decisions of every sort: twice the same
// bytes, which the schema describes, and whose score adds up.
func TestSamplesWithARegister(t *testing.T) {
	t.Parallel()
	compiled := must.Get(engine.Compile(t.Context(), builtin(t), engine.Options{}))(t)
	for _, name := range []string{"contoso", "fabrikam", "tailspin"} {
		t.Run(name, func(t *testing.T) {
			b := must.Get(evidence.Open(t.Context(), filepath.Join("..", "testdata", name), evidence.DefaultLimits()))(t)
			defer b.Close()
			var texts [2][]byte
			for i := range texts {
				a := must.Get(compiled.Assess(t.Context(), b, engine.AssessOptions{Decisions: register()}))(t)
				checkScore(t, a)
				checkActions(t, a)
				texts[i] = must.Get(json.Marshal(a))(t)
			}
			if !bytes.Equal(texts[0], texts[1]) {
				t.Error("the same input gave different bytes")
			}
			decoded := must.Get(records.Decode(texts[0], records.Limits{}))(t)
			for _, v := range schemas.Validate("assessment", decoded) {
				t.Errorf("%s: %s", v.Pointer, v.Message)
			}
		})
	}
}

// register holds decisions of every sort.
func register() map[string]engine.Decision {
	return map[string]engine.Decision{
		"AdminMFAV2":                {Status: engine.Planned, Owner: "ada", Due: on("2026-09-01"), Ticket: "SEC-1", Tags: []string{"q4", "quick"}},
		"BlockLegacyAuthentication": {Status: engine.RiskAccepted, Reason: "scanners", ApprovedBy: "bo", Expires: on("2026-10-08")},
		"IntegratedApps":            {Status: engine.ThirdParty, Reason: "a gateway"},
		"MFARegistrationV2": {
			Notes:   []engine.Note{{Time: collected, Author: "ada", Text: "two accounts to go"}},
			Exclude: []engine.Exclusion{{Key: "nobody", Reason: "break glass", Expires: on("2027-01-01")}, {Key: "old", Reason: "gone", Expires: on("2026-01-01")}},
		},
		"OneAdmin":                 {Status: engine.AlternateMitigation, Reason: "vaulted", Expires: on("2026-01-01")},
		"PWAgePolicyNew":           {Status: engine.ToAddress, Exclude: []engine.Exclusion{{Key: "a", Reason: "b"}}},
		"scid_2012":                {Status: engine.ThirdParty, Reason: "another product"},
		"AATP_DormantAccounts":     {Status: engine.RiskAccepted, Reason: "a project"},
		"SelfServicePasswordReset": {Status: engine.Planned},
		"NoSuchControl":            {Status: engine.Planned},
	}
}
