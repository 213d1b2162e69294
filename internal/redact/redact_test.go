package redact_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/cohort"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/internal/redact"
)

var key = []byte(strings.Repeat("k", redact.MinKey))

// literals are those of a catalog.
func literals() []string {
	return []string{
		"policy %q: %s", "%s is not on", "%s is not %v or more", "%s is not %s", "Quarantine", "MoveToJmf", "action", "threshold", "Global Administrator",
		"nothing demands it of the role %s", "servers: %d of %d", "the account is stale", "100 %% of %s", "for ${control.id} alone", "%s", "%s%s",
	}
}

func redactor(t testing.TB) *redact.Redactor { return must.Get(redact.New(key, literals()))(t) }

// TestName gives a name the same pseudonym each time, in either case, and another key another one.
func TestName(t *testing.T) {
	r, other := redactor(t), must.Get(redact.New([]byte(strings.Repeat("o", redact.MinKey)), nil))(t)
	// A pseudonym that changes with a version of this program would tell people apart that are the same.
	expect.Equal(t, "anon-6c5001496f975529", r.Name("ada@contoso.example"))
	expect.Equal(t, r.Name("ada@contoso.example"), r.Name(" Ada@Contoso.example"))
	expect.Equal(t, "", r.Name(" "))
	for _, n := range []string{other.Name("ada@contoso.example"), r.Name("bo@contoso.example")} {
		if n == r.Name("ada@contoso.example") {
			t.Error("two names share a pseudonym")
		}
	}
	if r.KeyID() == other.KeyID() || strings.Contains(r.Name("key"), r.KeyID()) {
		t.Error("the key has no name of its own")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, n := range []int{0, redact.MinKey - 1, redact.MaxKey + 1} {
		if _, err := redact.New(make([]byte, n), nil); err == nil || !strings.Contains(err.Error(), "make one with `openssl rand -hex 32`") {
			t.Errorf("%d bytes: error is %v", n, err)
		}
	}
}

// TestText replaces what stands in the place of a value, and withholds what fits no format. {x} stands for the pseudonym of x.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"":                                 "",
		"the account is stale":             "the account is stale",
		"the account is stale (3 of 9)":    "the account is stale (3 of 9)",
		`policy "Board": action is not on`: `policy "{Board}": action is not on`,
		`policy "Board": threshold is not 6 or more (1 of 2)`:             `policy "{Board}": threshold is not 6 or more (1 of 2)`,
		`policy "Board": action is not MoveToJmf or Quarantine`:           `policy "{Board}": action is not MoveToJmf or Quarantine`,
		`policy "Board": action is not ada@contoso.example`:               `policy "{Board}": action is not {ada@contoso.example}`,
		"nothing demands it of the role Global Administrator":             "nothing demands it of the role Global Administrator",
		"nothing demands it of the role Ada's":                            "nothing demands it of the role {Ada's}",
		"servers: 12 of 34":                                               "servers: 12 of 34",
		"100 % of Board":                                                  "100 % of {Board}",
		"for Board alone":                                                 "for {Board} alone",
		"a b":                                                             "[text withheld: {a b}]",
		"the exclusion of Ada is unused: no record in scope has this key": "the exclusion of {Ada} is unused: no record in scope has this key",
		"the exclusions of Ada and Bo name the same record: the second one counts":                 "the exclusions of {Ada} and {Bo} name the same record: the second one counts",
		"entra.users could not be collected: Ada may not":                                          "{entra.users} could not be collected: [text withheld: {Ada may not}]",
		"attested by Ada, valid until 2027-01-01T00:00:00Z":                                        "attested by {Ada}, valid until 2027-01-01T00:00:00Z",
		`a decision about "Ada" is unused: the catalog has no such control. Did you mean "AdaV2"?`: `a decision about "{Ada}" is unused: the catalog has no such control.[text withheld: { Did you mean "AdaV2"?}]`,
		"Ada has no field Lovelace":                                                                "{Ada} has no field {Lovelace}",
		"Ada \xff is not on":                                                                       "[text withheld: {Ada \xff is not on}]",
	} {
		r := redactor(t)
		for strings.Contains(want, "{") {
			before, rest, _ := strings.Cut(want, "{")
			inner, after, _ := strings.Cut(rest, "}")
			want = before + r.Name(inner) + after
		}
		expect.Equal(t, want, r.Text(text))
		expect.Equal(t, want, r.Text(text)) // remembered
	}
}

// secrets are names that an assessment holds somewhere.
func full() *engine.Assessment {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	return &engine.Assessment{
		SchemaVersion: engine.SchemaVersion,
		Tenant:        engine.Tenant{ID: "secret-1", Name: "secret-2"},
		Evidence: engine.Evidence{
			Warnings: []string{"entra.users: 2 records repeat another one with the same id (such as secret-3): they count once", "secret-4"},
			Datasets: []engine.Dataset{{Name: "entra.users", Status: engine.Failed, Reason: "secret-5"}},
		},
		Catalog:  engine.Catalog{Parameters: &engine.Parameters{File: "secret-6.hcl"}},
		Findings: []string{`a decision about "secret-7" is unused: the catalog has no such control.`},
		Actions: []engine.Action{{
			ID: "A", Title: "Title", Reasons: []string{"secret-8 is not on", "secret-9"}, Findings: []string{"secret-10"},
			Basis:    engine.Basis{Parameters: map[string]any{"accounts": []any{"secret-11", 7.0, true, nil}, "map": map[string]any{"secret-12": "secret-13"}, "action": "Quarantine"}},
			Failing:  &engine.Failing{Total: 1, Shown: []engine.Record{{Key: "secret-14", Label: "secret-15"}}},
			Excluded: &engine.Excluded{Total: 1, Shown: []engine.ExcludedRecord{{Key: "secret-16", Label: "secret-17", Reason: "secret-18", Expires: &at}}},
			Decision: &engine.Decision{
				Status: engine.Planned, Reason: "secret-19", Owner: "secret-20", ApprovedBy: "secret-21", Ticket: "secret-22", Tags: []string{"secret-23", "secret-24"},
				Notes: []engine.Note{{Time: at, Author: "secret-25", Text: "secret-26"}}, Exclude: []engine.Exclusion{{Key: "secret-27", Reason: "secret-28"}},
				ChangedBy: "secret-29", ChangedAt: &at,
			},
		}},
	}
}

// TestAssessment redacts an assessment with a secret in every field that may hold one: none is left, and the assessment is as it was.
func TestAssessment(t *testing.T) {
	a := full()
	before := string(must.Get(json.Marshal(a))(t))
	if count := strings.Count(before, "secret-"); count != 29 {
		t.Fatalf("%d secrets", count)
	}
	r := redactor(t)
	c := r.Assessment(a)
	after := string(must.Get(json.Marshal(c))(t))
	if strings.Contains(after, "secret") {
		t.Errorf("a secret is left: %s", after)
	}
	expect.Equal(t, before, string(must.Get(json.Marshal(a))(t)))
	expect.Equal(t, r.KeyID(), c.Redaction.Key)
	expect.Equal(t, r.Name("secret-14"), c.Actions[0].Failing.Shown[0].Key)
	expect.Equal(t, any("Quarantine"), c.Actions[0].Parameters["action"])
	expect.Equal(t, "Title", c.Actions[0].Title)
	expect.Equal(t, after, string(must.Get(json.Marshal(redactor(t).Assessment(a)))(t)))
}

func TestFailure(t *testing.T) {
	r := redactor(t)
	want := engine.Failure{Control: "A", Dataset: "entra.users", Key: r.Name("k"), Label: r.Name("l"), Reasons: []string{r.Name("x") + " is not on"}}
	expect.Equal(t, want, r.Failure(engine.Failure{Control: "A", Dataset: "entra.users", Key: "k", Label: "l", Reasons: []string{"x is not on"}}))
}

func TestComparison(t *testing.T) {
	c := &cohort.Comparison{Benchmark: "secret", Source: "secret", Notes: []string{"secret"}, Cohorts: []cohort.Against{{ID: "all", Title: "secret", Percent: 5}}}
	got := redactor(t).Comparison(c)
	if text := string(must.Get(json.Marshal(got))(t)); strings.Contains(text, "secret") || !strings.Contains(text, `"id":"all"`) {
		t.Error(text)
	}
	expect.Equal(t, "secret", c.Cohorts[0].Title)
	expect.Equal(t, (*cohort.Comparison)(nil), redactor(t).Comparison(nil))
}

// ExampleRedactor_Text replaces a name in a reason.
func ExampleRedactor_Text() {
	r, err := redact.New([]byte("0123456789abcdef"), []string{"policy %q: %s", "the threshold is low"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Text(`policy "Board of Contoso": the threshold is low (3 of 9)`))
	// Output: policy "anon-1f4fe9b510a0d8bc": the threshold is low (3 of 9)
}

// FuzzText redacts a sentence around a secret: it is not in the result.
func FuzzText(f *testing.F) {
	f.Add("policy \"", "\": action is not on")
	f.Add("", " has no field x")
	f.Add("the exclusion of ", " expired on 2026-01-01")
	f.Add("a (", " of 3)")
	f.Fuzz(func(t *testing.T, before, after string) {
		if got := redactor(t).Text(before + "Kovacs4711" + after); strings.Contains(got, "Kovacs4711") {
			t.Errorf("%q", got)
		}
	})
}
