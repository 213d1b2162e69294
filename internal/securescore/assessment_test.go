package securescore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/posture-score/posture"
	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/securescore"
)

func builtin(ctx context.Context) (*catalog.Catalog, error) { return posture.LoadCatalog(ctx) }

// sound fails unless an assessment adds up, as far as Microsoft's sums do.
func sound(t testing.TB, a *engine.Assessment) {
	t.Helper()
	achieved, total := engine.Points(0), engine.Points(0)
	for i := range a.Actions {
		action := &a.Actions[i]
		if p := action.Points; p.Achieved > p.Max || p.ByEvidence > p.Max || p.Achieved < 0 {
			t.Fatalf("%s has %s of %s points", action.ID, p.Achieved, p.Max)
		}
		achieved, total = achieved+action.Points.Achieved, total+action.Points.Max
	}
	told := strings.Contains(strings.Join(a.Findings, "\n"), "does not add up")
	if (achieved != a.Score.Achieved || total != a.Score.Total) && !told {
		t.Fatalf("the actions have %s of %s points, and the score %s of %s: %q", achieved, total, a.Score.Achieved, a.Score.Total, a.Findings)
	}
	var again engine.Assessment
	must.Do(t, json.Unmarshal(must.Get(json.Marshal(a))(t), &again))
}

// TestAssessment holds that days are assessments like any other: they pass the reader of saved ones, which computes every sum again.
func TestAssessment(t *testing.T) {
	answers := samples(t)
	profiles := answers.Profiles(contosoID)
	var got []string
	var last *engine.Assessment
	for i, day := range answers.Days() {
		a := day.Assessment(profiles)
		sound(t, a)
		got = append(got, fmt.Sprintf("%s %s/%s %s%%: %s", a.EvaluatedAt.Format("2006-01-02"), a.Score.Achieved, a.Score.Total, a.Score.Percent, strings.Join(a.Findings, "; ")))
		if i > 0 { // the sums of the first day don't add up
			if _, err := assessmentfile.Read(bytes.NewReader(must.Get(json.Marshal(a))(t))); err != nil {
				t.Errorf("%s: %v", a.EvaluatedAt, err)
			}
		}
		if last != nil && i > 1 {
			expect.Equalf(t, attribution.Amount{}, attribution.Compare(last, a).Residual, "what is not explained of the change to %s", a.EvaluatedAt)
		}
		last = a
	}
	expect.Equal(t, []string{
		"2026-09-29 81.31/160 50.82%: currentScore is 81.309193, and the controls add up to 78.309193: the sum does not add up, and is kept as reported",
		"2026-09-30 83.32/160 52.08%: currentScore is 83.309193; its controls, each rounded to hundredths, add up to 83.32",
		"2026-10-01 90.07/160 56.29%: currentScore is 90.059193; its controls, each rounded to hundredths, add up to 90.07",
	}, got)
}

// TestControl converts one control, with its profile.
func TestControl(t *testing.T) {
	const (
		whole   = `"lastSynced": "2026-10-01T00:00:00Z"`
		ignored = `"controlStateUpdates": [{"state": "Default"}, {"state": "Ignored", "comment": "we know", "assignedTo": "ada", "updatedBy": "grace", "updatedDateTime": "2026-09-01T08:00:00Z"}]`
		third   = `"controlStateUpdates": [{"state": "ThirdParty", "updatedDateTime": "2026-10-01T08:00:00Z"}]`
		later   = `"controlStateUpdates": [{"state": "ThirdParty", "updatedDateTime": "2026-10-02T00:00:00Z"}]`
		plain   = `"controlStateUpdates": [{"state": "Default"}]`
	)
	tests := map[string]struct {
		control, profile string
		want             string
	}{
		"a share of users":        {`"score": 4.326923076923077, "scoreInPercentage": 48.07692307692308, "count": "25", "total": "52", ` + whole, `"maxScore": 9, ` + plain, "4.33/9 partial 25/52 to_address []"},
		"who fails is counted":    {`"score": 6, "scoreInPercentage": 75, "count": "2", "total": "8", ` + whole, `"maxScore": 8, ` + plain, "6/8 partial 6/8 to_address [its count is of those who fail, as in older answers]"},
		"counts that contradict":  {`"score": 6, "scoreInPercentage": 75, "count": "1", "total": "8", ` + whole, `"maxScore": 8, ` + plain, "6/8 partial 0.75 to_address [its score does not follow from its counts, 1 of 8: they are left out]"},
		"nobody in scope":         {`"score": 1, "scoreInPercentage": 100, "count": "0", "total": "0", ` + whole, `"maxScore": 1, ` + plain, "1/1 complete 0/0 completed []"},
		"an older day":            {`"score": 4.326923076923077, "scoreInPercentage": 48.07692307692308, "implementationStatus": "0 of 0"`, `"maxScore": 9, ` + plain, "4.33/9 partial 0.480769230769 to_address []"},
		"a switch":                {`"score": 0, "scoreInPercentage": 0, "on": "false", ` + whole, `"maxScore": 5, ` + plain, "0/5 not_met to_address []"},
		"never complete":          {`"score": 7.999, "scoreInPercentage": 99.9875`, `"maxScore": 8, ` + plain, "7.99/8 partial 0.999875 to_address []"},
		"points have changed":     {`"score": 4, "scoreInPercentage": 50`, `"maxScore": 10, ` + plain, "4/8 partial 0.5 to_address [its profile says 10 points, and the day 8: those of the day count]"},
		"no profile":              {`"score": 4, "scoreInPercentage": 50`, ``, "4/8 partial 0.5 to_address [no profile tells its points: they follow from its score and its percentage]"},
		"no profile, no points":   {`"score": 0, "scoreInPercentage": 0`, ``, "0/0 not_met to_address [no profile tells its points: what it has achieved is taken for all of them]"},
		"more than all":           {`"score": 6`, `"maxScore": 5, ` + plain, "6/6 complete completed [Microsoft gives it 6 of 5 points: more than there are]"},
		"risk accepted":           {`"score": 4, "scoreInPercentage": 50`, `"maxScore": 8, ` + ignored, "4/8 partial 0.5 risk_accepted []"},
		"accepted, yet complete":  {`"score": 8, "scoreInPercentage": 100`, `"maxScore": 8, ` + ignored, "8/8 complete completed []"},
		"third party":             {`"score": 8, "scoreInPercentage": 100`, `"maxScore": 8, ` + third, "8/8 no_evidence third_party [it is set to ThirdParty: Microsoft does not say what the evidence alone would earn]"},
		"third party, and off":    {`"score": 8, "scoreInPercentage": 100, "on": "false"`, `"maxScore": 8, ` + third, "8/8 not_met third_party []"},
		"third party, yet on":     {`"score": 8, "scoreInPercentage": 100, "on": "true"`, `"maxScore": 8, ` + third, "8/8 complete completed []"},
		"third party, not yet":    {`"score": 4, "scoreInPercentage": 50`, `"maxScore": 8, ` + third, "4/8 partial 0.5 to_address [it is set to ThirdParty, and has not all of its points yet]"},
		"decided on the next day": {`"score": 8, "scoreInPercentage": 100`, `"maxScore": 8, ` + later, "8/8 complete completed []"},
		"another category":        {`"score": 8, "controlCategory": "Cloud"`, `"maxScore": 8, ` + plain, `8/8 complete completed [its category "cloud" is not known: it is put to infrastructure]`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			control := tt.control
			if !strings.Contains(control, "controlCategory") {
				control += `, "controlCategory": "Identity"`
			}
			texts := [][]byte{[]byte(`{"id": "t_2026-10-01", "controlScores": [{"controlName": "A", ` + control + `}]}`)}
			if tt.profile != "" {
				texts = append(texts, []byte(`{"id": "A", "title": "The <b>A</b> &amp; B", "service": "MS Teams", `+tt.profile+`}`))
			}
			answers := read(t, texts...)
			expect.Equal(t, []securescore.Problem(nil), answers.Problems)
			a := answers.Days()[0].Assessment(answers.Profiles("t"))
			sound(t, a)
			if _, err := assessmentfile.Read(bytes.NewReader(must.Get(json.Marshal(a))(t))); err != nil {
				t.Error(err)
			}
			action := a.Actions[0]
			got := fmt.Sprintf("%s/%s %s", action.Points.Achieved, action.Points.Max, action.Outcome)
			if c := action.Coverage; c != nil {
				got += fmt.Sprintf(" %d/%d", c.Compliant, c.InScope)
			}
			if action.Fraction != "" {
				got += " " + action.Fraction.String()
			}
			expect.Equal(t, tt.want, fmt.Sprintf("%s %s %s", got, action.Status, action.Findings))
			if tt.profile != "" && (action.Title != "The A & B" || action.Product != "ms_teams") {
				t.Errorf("the title is %q, and the product %q", action.Title, action.Product)
			}
		})
	}
}

// TestNoStatusFromTexts holds that the words of a text change nothing.
func TestNoStatusFromTexts(t *testing.T) {
	const control = `{"id": "t_2026-10-01", "controlScores": [{"controlName": "A", "controlCategory": "Data", "score": 1, "scoreInPercentage": 50, "on": "false", "implementationStatus": %q}]}`
	read := func(text string) engine.Action {
		return read(t, []byte(fmt.Sprintf(control, text))).Days()[0].Assessment(nil).Actions[0]
	}
	want := read("x")
	for _, text := range []string{"Completed", "true", "You have 0 of 5 users", "Risk accepted", "100%"} {
		got := read(text)
		got.Reasons, want.Reasons = nil, nil
		expect.Equal(t, want, got)
	}
}

// readable fails unless a benchmark can be read again.
func readable(t testing.TB, b *cohort.Benchmark) {
	t.Helper()
	if _, err := cohort.Read(must.Get(json.Marshal(b))(t)); err != nil {
		t.Fatal(err)
	}
}

func TestBenchmark(t *testing.T) {
	answers := samples(t)
	b, problems := securescore.Benchmark(answers.Days())
	expect.Equal(t, []securescore.Problem(nil), problems)
	readable(t, b)
	var got []string
	for _, c := range b.Cohorts {
		got = append(got, fmt.Sprintf("%s %s %s", c.Date, c.ID, c.Mean))
	}
	expect.Equal(t, []string{
		"2026-09-29 all 52.88", "2026-09-29 seats_1_100 48.27", "2026-09-30 all 52.9", "2026-09-30 seats_1_100 48.3",
		"2026-10-01 all 52.91", "2026-10-01 seats_1_100 48.32",
	}, got)
	if b, _ := securescore.Benchmark(nil); b != nil {
		t.Errorf("of no day there is a benchmark: %+v", b)
	}
}
