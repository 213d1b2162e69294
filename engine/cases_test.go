package engine_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

var update = flag.Bool("update", false, "write what tests expect anew")

// assessmentCase is a case.json: what the control "C" is assessed by.
type assessmentCase struct {
	Decision   *engine.Decision
	Validate   engine.Validation
	Now        time.Time
	MaxFailing int
	Evidence   data // a string is the reason why a dataset could not be collected
}

// TestCases assesses the cases of testdata/cases, in each of the ways in which work is divided. A
// control.hcl holds the attributes of the control beside facts, a rule.rego its rule without the package;
// both apply to the cases that follow them. A case is a NAME/case.json and a NAME/want.
func TestCases(t *testing.T) {
	names := must.Get(filepath.Glob("testdata/cases/*.txtar"))(t)
	if len(names) == 0 {
		t.Fatal("no archives")
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive := must.Get(txtar.ParseFile(name))(t)
			var block, rule string
			for i, file := range archive.Files {
				switch path.Base(file.Name) {
				case "control.hcl":
					block = string(file.Data)
				case "rule.rego":
					rule = string(file.Data)
				case "case.json":
					want := &archive.Files[i+1]
					t.Run(path.Dir(file.Name), func(t *testing.T) { want.Data = runCase(t, block, rule, file.Data, string(want.Data)) })
				case "want":
				default:
					t.Errorf("%s is none of the files of a case", file.Name)
				}
			}
			if *update {
				must.Do(t, os.WriteFile(name, txtar.Format(archive), 0o644))
			}
		})
	}
}

// runCase assesses a case, compares the assessment with what is wanted of it, and returns it.
func runCase(t *testing.T, block, rule string, text []byte, want string) []byte {
	t.Helper()
	var c assessmentCase
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	decoder.DisallowUnknownFields()
	must.Do(t, decoder.Decode(&c))
	for name, content := range c.Evidence {
		if reason, ok := content.(string); ok {
			c.Evidence[name] = errors.New(reason)
		}
	}
	cat, b := load(t, block, rule), bundle(t, c.Evidence)
	for i, options := range ways() {
		var failures []string
		settings := engine.AssessOptions{Now: c.Now, Validate: c.Validate, Failures: func(f engine.Failure) error {
			failures = append(failures, f.Key)
			return nil
		}}
		if c.Decision != nil {
			settings.Decisions = map[string]engine.Decision{"C": *c.Decision}
		}
		options.MaxFailing = c.MaxFailing
		assessment := assess(t, cat, b, options, settings)
		if c.Decision == nil {
			conforms(t, assessment) // a decision may be one that the schema knows to be invalid
		}
		got := withoutDir(assessmentText(assessment))
		if *update && i == 0 {
			want = got
		}
		expect.Equalf(t, want, got, "%s", wayName(options))
		action := assessment.Actions[0]
		expect.Equalf(t, c.Decision, action.Decision, "the decision")
		if f := action.Failing; f != nil && f.Total == int64(len(f.Shown)) {
			if diff := cmp.Diff(keysOf(f), failures, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("failures (-shown +called for):\n%s", diff)
			}
		}
	}
	return []byte(want)
}

// assessmentText is what a case looks at of the assessment of one control, a line for each fact.
func assessmentText(assessment *engine.Assessment) string {
	var b strings.Builder
	a, score := assessment.Actions[0], assessment.Score
	fmt.Fprintf(&b, "%s, %s: %s of %s points, %s by evidence\n", a.Outcome, a.Status, a.Points.Achieved, a.Points.Max, a.Points.ByEvidence)
	fmt.Fprintf(&b, "score: %s of %s, %s assessed; planned %s, current license %s, achievable %s; rank %d, impact %s\n", score.Achieved, score.Total, score.AssessedTotal,
		score.Planned.Points, score.CurrentLicense.Points, score.Achievable.Points, a.Rank, a.Impact)
	if a.Everyone {
		b.WriteString("for everyone\n")
	}
	if c := a.Coverage; c != nil {
		fmt.Fprintf(&b, "coverage: %d of %d in scope, of %d records; failing: %v\n", c.Compliant, c.InScope, c.Records, keysOf(a.Failing))
	}
	if a.Excluded != nil {
		for _, x := range a.Excluded.Shown {
			fmt.Fprintf(&b, "excluded: %s\n", x.Key)
		}
	}
	for _, lines := range []struct {
		name  string
		texts []string
	}{{"missing", a.Missing}, {"reason", a.Reasons}, {"finding", a.Findings}, {"warning", assessment.Evidence.Warnings}} {
		for _, text := range lines.texts {
			fmt.Fprintf(&b, "%s: %s\n", lines.name, text)
		}
	}
	return b.String()
}
