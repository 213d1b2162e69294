package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// licensed is a catalog of two products: "plain", which every tenant has, and "paid", which asks for a
// license. Counted asks for a premium license, and covers users.
func licensed(t *testing.T) *catalog.Catalog {
	t.Helper()
	const premium = "prerequisite {\n    service_plans = [\"AAD_PREMIUM\", \"AAD_PREMIUM_P2\"]\n  }\n"
	control := func(id, product, block string) string {
		return fmt.Sprintf("control %q {\n%s%s\n}\n", id, strings.Replace(facts, `"test"`, fmt.Sprintf("%q", product), 1), block)
	}
	return loadFiles(t, map[string]string{
		"catalog.hcl":       "product \"plain\" {\n  title = \"Plain\"\n}\nproduct \"paid\" {\n  title = \"Paid\"\n  license = \"paid\"\n}\n" + licenseBlocks,
		"test/counted.hcl":  control("Counted", "plain", counted+premium),
		"test/counted.rego": "package policies.test.counted\n\n" + countedRule,
		"test/paid.hcl":     control("Paid", "paid", settingBlock),
		"test/paid.rego":    "package policies.test.paid\n\ndefault compliant := false",
		"test/plain.hcl":    control("Plain", "plain", settingBlock+premium),
		"test/plain.rego":   "package policies.test.plain\n\ndefault compliant := false",
	})
}

const licenseBlocks = `
license "paid" {
  title    = "Paid"
  includes = ["more"]
  plans = {
    PAID_1 = "aaaaaaaa-0000-4000-8000-000000000001"
    PAID_2 = "aaaaaaaa-0000-4000-8000-000000000002"
    PAID_3 = "aaaaaaaa-0000-4000-8000-000000000003"
  }
}

license "more" {
  title = "More"
  plans = ["PAID_4"]
}
`

// named is a subscription to one plan with an id.
func named(id, plan, planID string) object {
	subscription := sku(id, "Enabled", 9, plan)
	subscription["servicePlans"].(list)[0].(object)["servicePlanId"] = planID
	return subscription
}

// sku is a subscription whose plans are all provisioned.
func sku(id, status string, seats int, plans ...string) object {
	listed := list{}
	for _, plan := range plans {
		listed = append(listed, object{"servicePlanId": "id of " + plan, "servicePlanName": plan, "provisioningStatus": "Success"})
	}
	return object{"skuId": id, "capabilityStatus": status, "prepaidUnits": object{"enabled": seats}, "servicePlans": listed}
}

// holders returns users, the first of whom hold a license.
func holders(count, holding int, assigned ...any) list {
	ids := make([]string, count)
	for i := range ids {
		ids[i] = fmt.Sprintf("good%d", i)
	}
	all := users(ids...)
	for i := range holding {
		all[i].(object)["assignedLicenses"] = assigned
	}
	return all
}

// TestProducts says which products count for which subscriptions, and whether the license of a control is met.
func TestProducts(t *testing.T) {
	t.Parallel()
	cat := licensed(t)
	without := func(field string) object {
		x := sku("s", "Enabled", 1, "PAID_1")
		delete(x, field)
		return x
	}
	plan := func(status any) object {
		x := sku("s", "Enabled", 1, "PAID_1")
		x["servicePlans"].(list)[0].(object)["provisioningStatus"] = status
		return x
	}
	const (
		unknown = "licenses unknown, total 30, Paid not_met [], premium met"
		absent  = "licenses known, total 20, Paid not_applicable [the tenant has no license of Paid], premium open"
		held    = "licenses known, total 30, Paid not_met [], premium open"
		all     = "licenses known, total 30, Paid not_met [], premium met"
	)
	for _, test := range []struct {
		name string
		skus any
		want string
	}{
		{"not in the evidence", nil, unknown},
		{"could not be collected", errors.New("denied"), unknown},
		{"no subscription", list{}, absent},
		{"of something else", list{sku("s", "Enabled", 9, "OTHER")}, absent},
		{"either plan will do", list{sku("s", "Enabled", 9, "PAID_2")}, held},
		{"in another subscription", list{sku("s", "Enabled", 9, "OTHER"), sku("p", "Enabled", 9, "PAID_1")}, held},
		{"with the premium plan", list{sku("s", "Enabled", 9, "PAID_1"), sku("p", "Enabled", 9, "AAD_PREMIUM_P2")}, all},
		{"a plan in another case", list{sku("s", "Enabled", 9, "paid_1")}, held},
		{"a plan by its id alone", list{named("s", "PAID 3", "AAAAAAAA-0000-4000-8000-000000000003")}, held},
		{"a plan of an included license", list{sku("s", "Enabled", 9, "PAID_4")}, held},
		{"another plan by its id", list{named("s", "PAID 3", "aaaaaaaa-0000-4000-8000-000000000009")}, absent},
		{"without seats", list{sku("s", "Enabled", 0, "PAID_1")}, held},
		{"in its period of grace", list{sku("s", "Warning", 0, "PAID_1")}, held},
		{"of one license twice", list{sku("s", "Enabled", 9, "PAID_1"), sku("s", "Enabled", 9, "AAD_PREMIUM")}, all},
		{"plan in a state nobody knows", list{plan("Dormant")}, unknown},
		{"plan in another case", list{plan("success")}, held},
		{"suspended", list{sku("s", "Suspended", 9, "PAID_1")}, absent},
		{"locked out", list{sku("s", "LockedOut", 9, "PAID_1")}, absent},
		{"deleted", list{sku("s", "Deleted", 9, "PAID_1")}, absent},
		{"not provisioned", list{plan("PendingActivation")}, absent},
		{"switched off", list{plan("Disabled")}, absent},
		{"in a state nobody knows", list{sku("s", "Dormant", 9, "OTHER")}, unknown},
		{"without a state", list{without("capabilityStatus")}, unknown},
		{"without plans", list{without("servicePlans")}, unknown},
		{"plan without a state", list{plan(nil)}, unknown},
		{"of the wrong type", list{object{"skuId": "s", "capabilityStatus": "Enabled", "servicePlans": "PAID_1"}}, unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			datasets := data{"entra.security_defaults": object{"isEnabled": true}, "entra.users": users("bad1")}
			if test.skus != nil {
				datasets["entra.subscribed_skus"] = test.skus
			}
			a := assess(t, cat, bundle(t, datasets), engine.Options{}, engine.AssessOptions{})
			known, premium := "unknown", "open"
			if a.Evidence.Licenses {
				known = "known"
			}
			if action(t, a, "Plain").Licensed() {
				premium = "met"
			}
			paid := action(t, a, "Paid")
			got := fmt.Sprintf("licenses %s, total %s, Paid %s %v, premium %s", known, a.Score.Total, paid.Outcome, paid.Reasons, premium)
			expect.Equal(t, test.want, got)
			_, listed := test.skus.(list)
			doubted := slices.ContainsFunc(a.Evidence.Warnings, func(w string) bool { return strings.Contains(w, "is not relied on") })
			if want := listed && test.want == unknown; doubted != want {
				t.Errorf("a warning that licenses are not relied on: %v, want %v: %q", doubted, want, a.Evidence.Warnings)
			}
		})
	}
}

func action(t *testing.T, a *engine.Assessment, id string) *engine.Action {
	t.Helper()
	at := slices.IndexFunc(a.Actions, func(a engine.Action) bool { return a.ID == id })
	if at < 0 {
		t.Fatalf("no action %s", id)
	}
	return &a.Actions[at]
}

// TestSeats says when licenses fall short of the users that a control covers.
func TestSeats(t *testing.T) {
	t.Parallel()
	premium := func(id string, seats int) object { return sku(id, "Enabled", seats, "AAD_PREMIUM") }
	assigned := func(sku string, disabled ...any) object {
		return object{"skuId": sku, "disabledPlans": append(list{}, disabled...)}
	}
	both := sku("s", "Enabled", 40, "AAD_PREMIUM", "AAD_PREMIUM_P2")
	for _, test := range []struct {
		name  string
		skus  any
		users list
		want  []string
	}{
		{"enough", list{premium("s", 60)}, holders(60, 60, assigned("s")), []string{}},
		{"too few assigned", list{premium("s", 60)}, holders(60, 42, assigned("s")), []string{"42 of 60 users in scope have AAD_PREMIUM or AAD_PREMIUM_P2"}},
		{
			"too few bought",
			list{premium("s", 50)},
			holders(60, 42, assigned("s")),
			[]string{"42 of 60 users in scope have AAD_PREMIUM or AAD_PREMIUM_P2", "there are 50 seats of AAD_PREMIUM or AAD_PREMIUM_P2 for 60 users in scope"},
		},
		{"seats of several licenses add up", list{premium("s", 30), sku("t", "Enabled", 30, "AAD_PREMIUM_P2")}, holders(60, 60, assigned("t")), []string{}},
		{
			"a license with both plans counts once",
			list{both},
			holders(60, 60, assigned("s")),
			[]string{"there are 40 seats of AAD_PREMIUM or AAD_PREMIUM_P2 for 60 users in scope"},
		},
		{"grace counts", list{object{"skuId": "s", "capabilityStatus": "Warning", "prepaidUnits": object{"enabled": 0, "warning": 60}, "servicePlans": premium("s", 0)["servicePlans"]}}, holders(60, 60, assigned("s")), []string{}},
		{"switched off for a user", list{premium("s", 60)}, holders(60, 60, assigned("s", "id of AAD_PREMIUM")), []string{"0 of 60 users in scope have AAD_PREMIUM or AAD_PREMIUM_P2"}},
		{"switched off for a user in capitals", list{premium("s", 60)}, holders(60, 60, assigned("S", "ID OF AAD_PREMIUM")), []string{"0 of 60 users in scope have AAD_PREMIUM or AAD_PREMIUM_P2"}},
		{"assigned in capitals", list{premium("s", 60)}, holders(60, 60, assigned("S")), []string{}},
		{"one of two plans switched off", list{sku("s", "Enabled", 60, "AAD_PREMIUM", "AAD_PREMIUM_P2")}, holders(60, 60, assigned("s", "id of AAD_PREMIUM_P2")), []string{}},
		{"a suspended license", list{premium("s", 60), sku("x", "Suspended", 60, "AAD_PREMIUM")}, holders(60, 60, assigned("x")), []string{"0 of 60 users in scope have AAD_PREMIUM or AAD_PREMIUM_P2"}},
		{"not held at all", list{}, holders(60, 0), []string{"0 of 60 users in scope have AAD_PREMIUM or AAD_PREMIUM_P2"}},
		{"licenses unknown", nil, holders(60, 0), []string{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			datasets := data{"entra.users": test.users, "entra.security_defaults": object{"isEnabled": true}}
			if test.skus != nil {
				datasets["entra.subscribed_skus"] = test.skus
			}
			a := assess(t, licensed(t), bundle(t, datasets), engine.Options{}, engine.AssessOptions{})
			expect.Equal(t, test.want, action(t, a, "Counted").Findings)
		})
	}
}

// Excluded and out-of-scope users need no license.
func TestSeatsAreForUsersInScope(t *testing.T) {
	t.Parallel()
	people := append(holders(3, 2, object{"skuId": "s"}), users("out1", "bad9")...)
	a := assess(t, licensed(t), bundle(t, data{"entra.users": people, "entra.subscribed_skus": list{sku("s", "Enabled", 2, "AAD_PREMIUM")}}), engine.Options{},
		engine.AssessOptions{Decisions: map[string]engine.Decision{"Counted": {Exclude: []engine.Exclusion{{Key: "bad9", Reason: "break glass"}, {Key: "good2", Reason: "break glass"}}}}})
	if got := action(t, a, "Counted"); len(got.Findings) != 0 || got.Coverage.InScope != 2 {
		t.Errorf("%+v: %q", *got.Coverage, got.Findings)
	}
}

// What a license that is missing keeps from being reached: the points stay in the total, and out of the view.
func TestViewOfLicenses(t *testing.T) {
	t.Parallel()
	a := assess(t, licensed(t), bundle(t, data{
		"entra.users": users("good1", "bad1"), "entra.security_defaults": object{"isEnabled": true},
		"entra.subscribed_skus": list{sku("s", "Enabled", 9, "PAID_1")},
	}), engine.Options{}, engine.AssessOptions{})
	got := fmt.Sprint(a.Score.Achieved, " of ", a.Score.Total, ", with licenses ", a.Score.CurrentLicense.Points)
	if want := "5 of 30, with licenses 15"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestDamagedLicensesCountEveryProduct: a license that can't be read must never take a product out of the total.
func TestDamagedLicensesCountEveryProduct(t *testing.T) {
	t.Parallel()
	compiled := must.Get(engine.Compile(t.Context(), licensed(t), engine.Options{}))(t)
	skus := list{sku("s", "Enabled", 9, "PAID_1", "AAD_PREMIUM"), sku("t", "Warning", 9, "OTHER")}
	for _, path := range fieldPaths(skus) {
		for _, damage := range []string{"absent", "wrong type"} {
			a := must.Get(compiled.Assess(t.Context(), bundle(t, data{
				"entra.users": users("bad1"), "entra.security_defaults": object{"isEnabled": true},
				"entra.subscribed_skus": damaging(skus, strings.Split(path, "/"), damage),
			}), engine.AssessOptions{}))(t)
			if a.Score.Total != 30_00 {
				t.Errorf("%s of the licenses is %s: the total is %s, want 30", path, damage, a.Score.Total)
			}
		}
	}
}
