package securescore_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// line is an action of a reconciliation on one line.
func line(p securescore.Pair) string {
	points := func(r *securescore.Result) string {
		switch {
		case r == nil:
			return "-"
		case !r.Counts:
			return "not counted"
		}
		return r.Achieved.String() + "/" + r.Total.String()
	}
	return fmt.Sprintf("%s %s: %s, %s: %s: %q %q", p.Bucket, p.ID, points(p.Ours), points(p.Theirs), p.Difference.Achieved, p.Why, p.Known)
}

// TestContoso holds what is said of the sample tenant: of Microsoft's day, beside our assessment, and in the format of Graph.
func TestContoso(t *testing.T) {
	cat := must.Get(builtin(t.Context()))(t)
	answers, a := samples(t), assess(t, "contoso")
	days, profiles := answers.Days(), answers.Profiles(contosoID)
	golden(t, "day.json", must.Get(json.MarshalIndent(days[2].Assessment(profiles), "", "  "))(t))
	var text bytes.Buffer
	for _, pair := range securescore.Reconcile(a, days[2], profiles, cat).Actions {
		fmt.Fprintln(&text, line(pair))
	}
	golden(t, "reconciliation.txt", text.Bytes())
	text.Reset()
	export := securescore.NewExport(a, cat, must.Get(cohort.Microsoft())(t))
	for _, c := range export.Scores.Value[0].ControlScores {
		fmt.Fprintf(&text, "%s %s %s %s%% count=%s total=%s on=%s %s\n", c.ControlCategory, c.ControlName, c.Score, c.ScoreInPercentage, c.Count, c.Total, c.On, c.ImplementationStatus)
	}
	for _, p := range export.Profiles.Value {
		fmt.Fprintf(&text, "%s: %s %s, %s, %s, cost %s, impact %s, %s, %s\n", p.ID, p.MaxScore, p.ControlCategory, p.Service, p.Tier, p.ImplementationCost, p.UserImpact, p.Threats, p.ControlStateUpdates[0].State)
	}
	golden(t, "export.txt", text.Bytes())
}

var update = flag.Bool("update", false, "rewrite the goldens in testdata")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must.Do(t, os.MkdirAll("testdata", 0o755))
		must.Do(t, os.WriteFile(path, got, 0o600))
	}
	expect.Equalf(t, string(must.Get(os.ReadFile(path))(t)), string(got), "%s", path)
}

// TestBuckets has one action of each kind.
func TestBuckets(t *testing.T) {
	cat := must.Get(builtin(t.Context()))(t)
	action := func(id string, achieved, most engine.Points, outcome engine.Outcome) engine.Action {
		return engine.Action{
			ID: id, Title: id, Category: "identity", Outcome: outcome, Status: engine.ToAddress,
			Points: engine.ActionPoints{Achieved: achieved, Max: most, ByEvidence: achieved}, Reasons: []string{}, Missing: []string{},
		}
	}
	const (
		control = `{"controlCategory": "Identity", "controlName": %q, "score": %v, "scoreInPercentage": %v}`
		profile = `{"id": %q, "controlCategory": "Identity", "title": "T", "maxScore": %v, "controlStateUpdates": [{"state": %q}]}`
	)
	unlicensed := action("SigninRiskPolicy", 0, 700, engine.NotMet)
	unlicensed.Prerequisites = []engine.Prerequisite{{License: "Microsoft Entra ID P2", ServicePlans: []string{"AAD_PREMIUM_P2"}}}
	missing := action("OneAdmin", 0, 100, engine.NoEvidence)
	missing.Missing = []string{"entra.role_assignments"}
	preview := action("AATP_StaleAccounts", 0, 0, engine.NotMet)
	preview.Stage = engine.Preview
	third := action("PWAgePolicyNew", 800, 800, engine.NotMet)
	third.Status, third.Points.ByEvidence = engine.ThirdParty, 0
	shared := action("IntegratedApps", 400, 400, engine.Complete)
	tests := map[string]struct {
		ours     engine.Action
		control  string
		profiles string
		want     string
	}{
		"same":           {shared, fmt.Sprintf(control, "IntegratedApps", 4, 100), fmt.Sprintf(profile, "IntegratedApps", 4, "Default"), ""},
		"other points":   {shared, fmt.Sprintf(control, "IntegratedApps", 0, 0), fmt.Sprintf(profile, "IntegratedApps", 4, "Default"), `different IntegratedApps: 4/4, 0/4: +4: ["ours is complete: 4 of 4 points" "theirs is 0 points (0%)"] ["What Microsoft gives where microsoft-user-default-recommended is the only policy is not known."]`},
		"other maximum":  {shared, fmt.Sprintf(control, "IntegratedApps", 4, 80), "", `different IntegratedApps: 4/4, 4/5: 0: ["no profile tells its points: they follow from its score and its percentage" "ours is complete: 4 of 4 points" "theirs is 4 points (80%)"] ["What Microsoft gives where microsoft-user-default-recommended is the only policy is not known."]`},
		"no evidence":    {missing, fmt.Sprintf(control, "OneAdmin", 1, 100), fmt.Sprintf(profile, "OneAdmin", 1, "Default"), `no_evidence OneAdmin: 0/1, 1/1: -1: ["ours is no evidence: 0 of 1 points" "evidence is missing: entra.role_assignments" "theirs is 1 points (100%)"] ["Whether Microsoft counts holders of the role who are only eligible is not known; here who holds it now counts."]`},
		"our decision":   {third, fmt.Sprintf(control, "PWAgePolicyNew", 0, 0), fmt.Sprintf(profile, "PWAgePolicyNew", 8, "Default"), `decided PWAgePolicyNew: 8/8, 0/8: +8: ["its status is third_party here, which earns all points, and not at Microsoft" "ours is not met: 8 of 8 points" "theirs is 0 points (0%)"] []`},
		"not connected":  {action("aad_admin_consent_workflow", 500, 500, engine.Complete), "", fmt.Sprintf(profile, "aad_admin_consent_workflow", 5, "Default"), `not_connected aad_admin_consent_workflow: 5/5, -: +5: ["Microsoft scores it only with the Office 365 connector of Microsoft Defender for Cloud Apps, and does not score it here"] []`},
		"not licensed":   {unlicensed, "", "", `not_licensed SigninRiskPolicy: 0/7, -: 0: ["the tenant lacks a license: Microsoft Entra ID P2"] []`},
		"not scored":     {shared, "", fmt.Sprintf(profile, "IntegratedApps", 4, "Default"), `not_scored IntegratedApps: 4/4, -: +4: ["Microsoft has a profile of it, and does not score it: a license or its source is missing, or it is not rolled out"] []`},
		"unknown":        {shared, "", "", `unknown_to_them IntegratedApps: 4/4, -: +4: ["neither the scores nor the profiles of Microsoft have it"] []`},
		"preview":        {preview, "", "", `preview AATP_StaleAccounts: not counted, -: 0: ["it is a preview here, and counts nowhere"] []`},
		"their preview":  {preview, fmt.Sprintf(control, "AATP_StaleAccounts", 5, 100), "", `only_theirs AATP_StaleAccounts: not counted, 5/5: -5: ["no profile tells its points: they follow from its score and its percentage" "it is a preview here: nobody published its points" "ours is not met: 0 of 0 points" "theirs is 5 points (100%)"] []`},
		"not applicable": {action("IntegratedApps", 0, 400, engine.NotApplicable), "", "", ""},
		"instances":      {action("MDA_Okta_A", 300, 300, engine.Complete), fmt.Sprintf(control, "1.MDA_Okta_A", 3, 100) + "," + fmt.Sprintf(control, "2.MDA_Okta_A", 0, 0), fmt.Sprintf(profile, "MDA_Okta_A", 3, "Default"), `different MDA_Okta_A: 3/3, 3/6: 0: ["ours is complete: 3 of 3 points" "theirs is 3 points (100%)" "theirs is 0 points (0%)" "Microsoft counts 2 instances of the app"] []`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			texts := [][]byte{[]byte(`{"id": "t_2026-10-01", "controlScores": [` + tt.control + `]}`)}
			if tt.profiles != "" {
				texts = append(texts, []byte(tt.profiles))
			}
			answers := read(t, texts...)
			day := answers.Days()[0]
			a := &engine.Assessment{Tenant: engine.Tenant{ID: "t"}, EvaluatedAt: day.Date, Actions: []engine.Action{tt.ours}}
			if tt.ours.Counts() {
				a.Score.Achieved, a.Score.Total = tt.ours.Points.Achieved, tt.ours.Points.Max
			}
			r := securescore.Reconcile(a, day, answers.Profiles("t"), cat)
			addsUp(t, r)
			var got []string
			for _, pair := range r.Actions {
				got = append(got, line(pair))
			}
			expect.Equal(t, tt.want, strings.Join(got, "\n"))
			expect.Equal(t, tt.want != "" && name != "preview", r.Differs())
		})
	}
}

// TestOwnExport reconciles assessments with their own exports: nothing may differ.
// TestUnusableSums says that a sum that can't be used is not told as one that Microsoft reports.
func TestUnusableSums(t *testing.T) {
	const day = `{"id": "t_2026-10-01", "currentScore": 1e15, "maxScore": 2, "createdDateTime": "2026-10-01T00:00:00Z",
		"controlScores": [{"controlName": "A", "score": 1.006, "scoreInPercentage": 50.3}, {"controlName": "B", "score": 0, "scoreInPercentage": 0}]}`
	answers := read(t, []byte(day))
	found := answers.Days()[0]
	r := securescore.Reconcile(&engine.Assessment{EvaluatedAt: found.Date}, found, answers.Profiles("t"), must.Get(builtin(t.Context()))(t))
	addsUp(t, r)
	expect.Equal(t, []string{"currentScore is 1e15, which is not usable as points: the sum of Microsoft's controls, 1.01, stands in its place"}, r.Notes)
	a := found.Assessment(answers.Profiles("t"))
	expect.Equal(t, "currentScore is 1e15, which is not usable as points: the sum of the controls stands in its place", a.Findings[0])
}

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
