package securescore_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/posture-score/posture"
	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/securescore"
)

// assess assesses a sample tenant.
func assess(t testing.TB, name string) *engine.Assessment {
	t.Helper()
	return must.Get(posture.Assess(t.Context(), "../../testdata/"+name))(t)
}

// addsUp fails unless the buckets add up to the difference of the scores, and the actions to their buckets.
func addsUp(t testing.TB, r *securescore.Reconciliation) {
	t.Helper()
	buckets, actions := map[securescore.Bucket]securescore.Difference{}, map[securescore.Bucket]securescore.Difference{}
	var sum securescore.Difference
	for _, b := range r.Buckets {
		buckets[b.Bucket] = b.Difference
		sum.Achieved, sum.Total = sum.Achieved+b.Difference.Achieved, sum.Total+b.Difference.Total
	}
	for _, pair := range r.Actions {
		d := actions[pair.Bucket]
		actions[pair.Bucket] = securescore.Difference{Achieved: d.Achieved + pair.Difference.Achieved, Total: d.Total + pair.Difference.Total}
	}
	if sum != r.Difference {
		t.Fatalf("the buckets add up to %v, and the difference is %v", sum, r.Difference)
	}
	if got := int64(r.Ours.Achieved - r.Theirs.Achieved); got != int64(r.Difference.Achieved) {
		t.Fatalf("the scores differ by %d hundredths, and the difference is %v", got, r.Difference)
	}
	for bucket, d := range buckets {
		if bucket != securescore.Same && bucket != securescore.Sum && d != actions[bucket] {
			t.Fatalf("the actions of %s add up to %v, and it says %v", bucket, actions[bucket], d)
		}
	}
}

func TestReconcile(t *testing.T) {
	cat := must.Get(builtin(t.Context()))(t)
	answers, a := samples(t), assess(t, "contoso")
	day := must.Get(securescore.Nearest(answers.Days(), a.Tenant.ID, a.EvaluatedAt))(t)
	expect.Equal(t, "2026-10-01", day.Date.Format("2006-01-02"))
	r := securescore.Reconcile(a, day, answers.Profiles(contosoID), cat)
	addsUp(t, r)
	buckets := map[string]securescore.Bucket{}
	for _, pair := range r.Actions {
		buckets[pair.ID] = pair.Bucket
	}
	for id, want := range map[string]securescore.Bucket{
		"AdminMFAV2": "", "MFARegistrationV2": securescore.Different, "PWAgePolicyNew": securescore.Decided, "contoso_preview_action": securescore.OnlyTheirs,
		"aad_admin_consent_workflow": securescore.NotConnected, "MDA_GitHub_DependencyInsights": securescore.Different,
		"AATP_AccountsInOperatorGroups": securescore.Preview,
	} {
		expect.Equalf(t, want, buckets[id], "%s", id)
	}
	for _, pair := range r.Actions {
		if pair.ID == "RoleOverlap" && (len(pair.Known) == 0 || len(pair.Why) == 0) {
			t.Errorf("RoleOverlap has no evidence or no known difference: %+v", pair)
		}
	}
}

// TestOwnExport reconciles assessments with their own exports: nothing may differ.
func TestOwnExport(t *testing.T) {
	cat := must.Get(builtin(t.Context()))(t)
	averages := must.Get(cohort.Microsoft())(t)
	for _, tenant := range []string{"contoso", "fabrikam", "tailspin"} {
		a := assess(t, tenant)
		export := securescore.NewExport(a, cat, averages)
		answers := read(t, must.Get(json.Marshal(export.Scores))(t), must.Get(json.Marshal(export.Profiles))(t))
		expect.Equal(t, []securescore.Problem(nil), answers.Problems)
		r := securescore.Reconcile(a, answers.Days()[0], answers.Profiles(a.Tenant.ID), cat)
		addsUp(t, r)
		for _, b := range r.Buckets {
			if b.Bucket != securescore.Same && b.Bucket != securescore.Preview && (b.Actions > 0 || b.Difference != securescore.Difference{}) {
				t.Errorf("%s: the bucket %s has %d actions and %v", tenant, b.Bucket, b.Actions, b.Difference)
			}
		}
		sound(t, answers.Days()[0].Assessment(answers.Profiles(a.Tenant.ID)))
	}
}

func TestNearest(t *testing.T) {
	days := samples(t).Days()
	at := days[2].Date
	other := *days[0]
	other.Tenant = "other"
	for name, tt := range map[string]struct {
		days   []*securescore.Day
		tenant string
		want   string
	}{
		"its own":         {append(days, &other), contosoID, "2026-10-01"},
		"in any case":     {days, "14D2AFB5-4883-4247-84FF-219E72010DB8", "2026-10-01"},
		"unknown tenant":  {days, "", "2026-10-01"},
		"another":         {days, "t", "the files are of the tenant " + contosoID + ", and the assessment of t"},
		"one of several":  {append(days, &other), "", "the files are of 2 tenants, and the assessment does not say which one it is of: give --tenant"},
		"nothing in them": {nil, "t", "the files have no day of secureScores"},
	} {
		day, err := securescore.Nearest(tt.days, tt.tenant, at)
		if err != nil {
			expect.Equalf(t, tt.want, err.Error(), "%s", name)
			continue
		}
		expect.Equalf(t, tt.want, day.Date.Format("2006-01-02"), "%s", name)
	}
}

func TestPropose(t *testing.T) {
	cat := must.Get(builtin(t.Context()))(t)
	text, proposals, err := securescore.Propose(samples(t).Profiles(contosoID), cat)
	must.Do(t, err)
	expect.Equal(t, `action "PWAgePolicyNew" {
  status = "third_party"
  reason = "Another product does it."
  owner  = "ada@contoso.example"
  note {
    time   = "2026-09-30T09:00:00Z"
    author = "ada@contoso.example"
    text   = "Set to ThirdParty in Microsoft Secure Score."
  }
}

action "SelfServicePasswordReset" {
  status = "planned"
  owner  = "alan@contoso.example"
  note {
    time   = "2026-09-20T08:00:00Z"
    author = "alan@contoso.example"
    text   = "Set to Reviewed in Microsoft Secure Score."
  }
}

action "UserRiskPolicy" {
  status = "risk_accepted"
  reason = "The pilot has to end first."
  note {
    time   = "2026-09-15T12:30:00Z"
    author = "grace@contoso.example"
    text   = "Set to Ignored in Microsoft Secure Score."
  }
}
`, string(text))
	var lost []string
	for _, p := range securescore.Lossy(proposals) {
		lost = append(lost, fmt.Sprintf("%s %s: %v", p.ID, p.State, p.Lost))
	}
	expect.Equal(t, []string{
		"PWAgePolicyNew ThirdParty: [ThirdParty stands for a third party and for an alternate mitigation alike]",
		"SelfServicePasswordReset Reviewed: [Reviewed has no counterpart in Microsoft's portal; it is taken for planned]",
		"contoso_preview_action Ignored: [the catalog has no such control: no decision is proposed]",
		"scid_2003 Ignored: [its status comes from exceptions in Defender Vulnerability Management, and can't be registered: no decision is proposed]",
	}, lost)
	if bytes.Contains(text, []byte("scid")) {
		t.Error("a decision about a device action is proposed")
	}
}
