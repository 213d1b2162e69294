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
	view := engine.View{Points: 4_00, Percent: 40_00}
	views := engine.Views{Planned: view, CurrentLicense: view, Achievable: view}
	action := engine.Action{
		ID: "a", Title: "A", Category: "identity", Product: "entra_id", Kind: "setting", Points: engine.ActionPoints{Achieved: 4_00, Max: 10_00, ByEvidence: 4_00},
		Outcome: engine.Partial, Reasons: []string{}, Missing: []string{}, Digest: digest, Status: engine.ToAddress, Findings: []string{},
		Prerequisites: []engine.Prerequisite{}, Tier: "core", Difficulty: "low", UserImpact: "low", Complexity: "low", Threats: []string{},
		Frameworks: map[string][]string{}, Rank: 1, Impact: 60_00,
	}
	last := action
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
		{"a later version", change(`"schema_version":"1"`, `"schema_version":"2"`), `the assessment has schema_version "2"; this program reads "1"`},
		{"no version", change(`"schema_version":"1",`, ""), "the assessment is not what its schema says"},
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
