package assessmentfile_test

import (
	"bytes"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/assessmentfile"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
	"github.com/posture-score/posture/schemas"
)

// TestReadsWhatWasWritten assesses the sample tenants, with decisions of every form, and reads the results back.
func TestReadsWhatWasWritten(t *testing.T) {
	registry := must.Get(schemas.Builtin())(t)
	source := must.Get(catalog.Builtin())(t)
	cat := must.Get(catalog.Load(t.Context(), registry, source))(t)
	compiled := must.Get(engine.Compile(t.Context(), cat, engine.Options{Version: "1.2.3"}))(t)
	for _, name := range []string{"contoso", "fabrikam", "tailspin"} {
		t.Run(name, func(t *testing.T) {
			bundle := must.Get(evidence.Open(t.Context(), filepath.Join("..", "..", "testdata", name), evidence.DefaultLimits()))(t)
			defer bundle.Close()
			want := must.Get(compiled.Assess(t.Context(), bundle, engine.AssessOptions{Decisions: decisions()}))(t)
			text := must.Get(json.MarshalIndent(want, "", "  "))(t)
			if !assessmentfile.Recognise(bytes.NewReader(text)) {
				t.Error("the assessment is not recognised")
			}
			got := must.Get(assessmentfile.Read(bytes.NewReader(text)))(t)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("read back it differs (-written +read):\n%s", diff)
			}
		})
	}
}

func decisions() map[string]engine.Decision {
	at := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	return map[string]engine.Decision{
		"MFARegistrationV2": {
			Status: engine.RiskAccepted, Reason: "<none> & \"all\"", Owner: "ada", Due: &at, Expires: &at, ApprovedBy: "bob", Ticket: "T-1",
			Tags: []string{"q4"}, Notes: []engine.Note{{Time: at, Author: "ada", Text: "later"}},
			Exclude: []engine.Exclusion{{Key: "nobody", Reason: "break glass", Expires: &at}},
		},
		"AdminMFAV2":     {Status: engine.Planned},
		"UserRiskPolicy": {Status: engine.ThirdParty, Reason: "another product"},
		"NoSuchControl":  {Status: engine.Planned},
	}
}

const digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// sample is a small assessment.
func sample(t testing.TB) string {
	t.Helper()
	now, whole := engine.View{Points: 4_00, Percent: 40_00}, engine.View{Points: 10_00, Percent: 100_00}
	views := engine.Views{Planned: now, CurrentLicense: whole, Achievable: whole}
	action := engine.Action{
		ID: "a", Title: "A", Category: "identity", Product: "entra_id", Kind: "coverage", Points: engine.ActionPoints{Achieved: 4_00, Max: 10_00, ByEvidence: 4_00},
		Outcome: engine.Partial, Reasons: []string{}, Missing: []string{}, Digest: digest, Status: engine.ToAddress, Findings: []string{},
		Prerequisites: []engine.Prerequisite{}, Tier: "core", Difficulty: "low", UserImpact: "low", Complexity: "low", Threats: []string{},
		Frameworks: map[string][]string{}, Rank: 1, Impact: 60_00,
		Coverage: &engine.Coverage{Compliant: 2, InScope: 5, Records: 6}, Failing: &engine.Failing{Total: 3, Shown: []engine.Record{{Key: "x", Label: "the first"}}},
	}
	last := action
	action.Prerequisites = []engine.Prerequisite{{Control: "b", Met: true}, {License: "Plan 1", ServicePlans: []string{"P1"}, Met: true}}
	last.Kind, last.Coverage, last.Failing = "setting", nil, nil
	last.ID, last.Outcome, last.Points, last.Rank, last.Impact = "b", engine.NotApplicable, engine.ActionPoints{Max: 5_00}, 0, 0
	text := must.Get(json.Marshal(engine.Assessment{
		SchemaVersion: engine.SchemaVersion, Tenant: engine.Tenant{ID: "t", Name: "T"}, EvaluatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Evidence: engine.Evidence{Digest: digest, Datasets: []engine.Dataset{}}, Catalog: engine.Catalog{Version: "1", Digest: digest, Controls: 2},
		Engine: engine.Version{Version: "1", Fallbacks: []engine.Fallback{{Control: "a", Reason: "slow"}}}, Findings: []string{}, Actions: []engine.Action{action, last},
		Score: engine.Score{
			Achieved: 4_00, Total: 10_00, AssessedTotal: 10_00, Percent: 40_00, Views: views,
			Categories: []engine.Category{{Category: "identity", Achieved: 4_00, Total: 10_00, Views: views}},
			Products:   []engine.Product{{Product: "entra_id", Achieved: 4_00, Total: 10_00, Views: views}},
		},
	}))(t)
	return string(text)
}

func TestRead(t *testing.T) {
	good := sample(t)
	change := func(old, now string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("the sample has no %s", old)
		}
		return strings.Replace(good, old, now, 1)
	}
	graded := func(fraction string) string {
		return strings.NewReplacer(`"kind":"coverage"`, `"kind":"graded"`, `"coverage":{"compliant":2,"in_scope":5,"records":6},`, "",
			`"failing":{"total":3,"shown":[{"key":"x","label":"the first"}]},`, `"fraction":`+fraction+`,`).Replace(good)
	}
	tests := []struct{ name, text, want string }{
		{"as written", good, ""},
		{"with space after it", good + " \n", ""},
		{"with a byte-order mark", "\ufeff" + good, ""},
		{"in UTF-16, as PowerShell redirects output", utf16le(good), ""},
		{"nothing", "", "the assessment is not sound JSON"},
		{"cut off", good[:len(good)-1], "the assessment is not sound JSON"},
		{"followed by another", good + good, "something follows the end of the assessment"},
		{"followed by junk", good + "x", "something follows the end of the assessment"},
		{"a name twice", change(`"score":`, `"actions":[],"score":`), "the assessment is not sound JSON"},
		{"a later version", change(`"schema_version":"2"`, `"schema_version":"3"`), `the assessment has schema_version "3"; this program reads "1" and "2"`},
		{"an earlier version", strings.NewReplacer(`"schema_version":"2"`, `"schema_version":"1"`, `{"key":"x","label":"the first"}`, `"x"`).Replace(good), ""},
		{"a failing record without a key", change(`{"key":"x","label":"the first"}`, `{"label":"the first"}`), "/actions/0/failing/shown/0"},
		{"a failing record that is a number", change(`{"key":"x","label":"the first"}`, `1`), "/actions/0/failing/shown/0"},
		{"a label too long", change(`"the first"`, `"`+strings.Repeat("x", 129)+`"`), "/actions/0/failing/shown/0"},
		{"no version", change(`"schema_version":"2",`, ""), "the assessment is not what its schema says"},
		{"a list", "[]", "the assessment is not what its schema says"},
		{"a field of the wrong type", change(`"title":"A"`, `"title":1`), "/actions/0/title"},
		{"another spelling", change(`"title":"A"`, `"Title":"A"`), "the assessment is not what its schema says"},
		{"without slow rules", change(`,"fallbacks":[{"control":"a","reason":"slow"}]`, ""), ""},
		{"a slow rule without a reason", change(`"reason":"slow"`, `"reason":""`), "/engine/fallbacks/0/reason"},
		{"a slow rule of nobody", change(`"control":"a",`, ""), "/engine/fallbacks/0"},
		{"an empty list of slow rules", change(`{"control":"a","reason":"slow"}`, ""), "/engine/fallbacks"},
		{"enormous points", change(`"achieved":4,`, `"achieved":1e300,`), "points have to be a number from 0 to 1000000000000"},
		{"too deep", strings.Repeat("[", 200) + strings.Repeat("]", 200), "reading the assessment"},
		{"a better score", change(`"score":{"achieved":4`, `"score":{"achieved":9`), "the assessment was changed: its actions make 4 of 10 points, and its score says 9 of 10"},
		{"a better percentage", change(`"assessed_total":10,"percent":40`, `"assessed_total":10,"percent":90`), "the assessment was changed"},
		{"more points than there are", change(`"points":{"achieved":4,"max":10`, `"points":{"achieved":4,"max":3`), "the assessment was changed: a earns more than its 3 points"},
		{"a preview with points", change(`"title":"A"`, `"title":"A","stage":"preview"`), "the assessment was changed: a is a preview, and worth 10 points"},
		{"a stage of no action", change(`"title":"A"`, `"title":"A","stage":"deprecated"`), "/actions/0/stage"},
		{"more compliant records", change(`"compliant":2`, `"compliant":3`), "a counts 3 of 5 records as compliant, and 3 as failing"},
		{"more records in scope", change(`"in_scope":5`, `"in_scope":7`), "a counts 2 compliant records of 7 in scope of 6"},
		{"another coverage", change(`"compliant":2,"in_scope":5,"records":6},"reasons":[],"failing":{"total":3`, `"compliant":3,"in_scope":6,"records":6},"reasons":[],"failing":{"total":3`), "a should be partial, with 5 points by its evidence; it says partial and 4"},
		{"a coverage of everybody", change(`"compliant":2,"in_scope":5,"records":6},"reasons":[],"failing":{"total":3`, `"compliant":6,"in_scope":6,"records":6},"reasons":[],"failing":{"total":0`), "and 0 as failing, of which it names 1"},
		{"nothing in scope", change(`"compliant":2,"in_scope":5,"records":6},"reasons":[],"failing":{"total":3,"shown":[{"key":"x","label":"the first"}]`, `"compliant":0,"in_scope":0,"records":6},"reasons":[],"failing":{"total":0,"shown":[]`), "nothing is in scope of a, and it is partial"},
		{"fewer failing records", change(`"total":3,"shown"`, `"total":1,"shown"`), "and 1 as failing"},
		{"no failing records", change(`"failing":{"total":3,"shown":[{"key":"x","label":"the first"}]},`, ""), "a has either no coverage or no failing records"},
		{"another outcome", change(`"outcome":"partial"`, `"outcome":"complete"`), "a is complete, and earns 4 of 10 points"},
		{"another status", change(`"status":"to_address"`, `"status":"completed"`), "the outcome of a is partial, and its status completed"},
		{"a status that earns more", change(`"status":"to_address"`, `"status":"third_party"`), "a is third_party and earns 4 points by its evidence, and says 4"},
		{"an exception for another status", change(`"status":"to_address"`, `"status":"to_address","exception":{"justification":"RiskAccepted"}`), "a has an exception for RiskAccepted, and the status to_address"},
		{"an exception without a justification", change(`"status":"to_address"`, `"status":"to_address","exception":{"text":"why"}`), "/actions/0/exception"},
		{"another rank", change(`"rank":1`, `"rank":2`), "the rank of a is 2, and should be 1"},
		{"no rank", change(`"rank":1,`, ""), "the rank of a is 0, and should be 1"},
		{"another impact", change(`"impact":60`, `"impact":6`), "the impact of a is 6, and should be 60"},
		{"another effort", change(`"status":"to_address"`, `"status":"risk_accepted"`), "the rank of a is 1, and should be 0"},
		{"an unmet prerequisite", change(`"control":"b","met":true`, `"control":"b","met":false`), "a says that b, which comes before it, is settled: false; it is to_address"},
		{"a prerequisite of nobody", change(`"control":"b","met":true`, `"control":"c","met":true`), "a comes after c, which is no action"},
		{"a license that nobody knows of", change(`["P1"],"met":true`, `["P1"],"met":false`), "a lacks the license Plan 1, and no licenses are known"},
		{"a fraction", graded("0.4"), ""},
		{"another fraction", graded("0.5"), "a should be partial, with 5 points by its evidence; it says partial and 4"},
		{"a whole fraction", graded("1.0"), "a should be complete"},
		{"a fraction out of range", graded("1.5"), "/actions/0/fraction"},
		{"a fraction that is hardly out of range", graded("1.0000000000000000000001"), "/actions/0/fraction"},
		{"fewer points assessed", change(`"assessed_total":10`, `"assessed_total":5`), "10 points could be assessed, and its score says 5"},
		{"a better view", change(`"planned":{"points":4`, `"planned":{"points":9`), "the views of its score are not what its actions make"},
		{"a better category", change(`"category":"identity","achieved":4`, `"category":"identity","achieved":9`), "the categories of its score"},
		{"a better product", change(`"product":"entra_id","achieved":4`, `"product":"entra_id","achieved":9`), "the products of its score"},
		{"fewer controls", change(`"controls":2`, `"controls":1`), "it has 2 actions, and its catalog 1 controls"},
		{"an action twice", change(`"id":"b"`, `"id":"a"`), "the assessment was changed: its actions are not in order at a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := assessmentfile.Read(strings.NewReader(test.text))
			switch {
			case test.want == "" && err == nil:
			case test.want == "":
				t.Error(err)
			case err == nil || !strings.Contains(err.Error(), test.want):
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func utf16le(text string) string {
	out := []byte{0xff, 0xfe}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return string(out)
}

func TestReadIsBounded(t *testing.T) {
	_, err := assessmentfile.Read(io.MultiReader(strings.NewReader(`"`), zeros{}))
	if err == nil || !strings.Contains(err.Error(), "more than 64 MiB") {
		t.Errorf("%v, want the bound", err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestRecognise(t *testing.T) {
	tests := []struct {
		name, text string
		want       bool
	}{
		{"written", sample(t), true},
		{"sorted by name", `{"actions": [], "score": {}, "schema_version": "1"}`, true},
		{"of a later version, with a new field", `{"schema_version": "9", "novelty": {}, "score": {}, "actions": []}`, true},
		{"in UTF-16", utf16le(sample(t)), true},
		{"manifest", `{"schema_version": "1", "tenant": {}, "datasets": []}`, false},
		{"export", `{"baseline_version": "1", "schema_version": "1", "score": 1, "actions": 1}`, false},
		{"list", `[{"schema_version": "1", "score": {}, "actions": []}]`, false},
		{"cut off", `{"schema_version": "1", "score": {`, false},
		{"archive", "PK\x03\x04", false},
		{"nothing", "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			expect.Equal(t, test.want, assessmentfile.Recognise(strings.NewReader(test.text)))
		})
	}
}

// FuzzRead wants that whatever is read can be written and read again, and is the same then.
func FuzzRead(f *testing.F) {
	good := sample(f)
	f.Add([]byte(good))
	f.Add([]byte(strings.Replace(good, `"rank":1`, `"rank":1e9`, 1)))
	f.Add([]byte(strings.Replace(good, `"achieved":4`, `"achieved":4.005`, 1)))
	f.Add([]byte(`{"schema_version":"2"}`))
	f.Add([]byte(strings.Repeat(`{"score":`, 20_000)))
	f.Add([]byte(strings.Replace(good, `"findings":[]`, `"findings":[`+strings.Repeat(`"x",`, 20_000)+`"x"]`, 1)))
	f.Add([]byte(strings.Replace(good, `"rank":1`, `"rank":1`+strings.Repeat("0", 20_000), 1)))
	f.Add([]byte(utf16le(good)))
	f.Fuzz(func(t *testing.T, text []byte) {
		assessmentfile.Recognise(bytes.NewReader(text))
		first, err := assessmentfile.Read(bytes.NewReader(text))
		if err != nil {
			return
		}
		written := must.Get(json.Marshal(first))(t)
		second, err := assessmentfile.Read(bytes.NewReader(written))
		if err != nil {
			t.Fatalf("%v: %s", err, written)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("(-first +second)\n%s", diff)
		}
	})
}
