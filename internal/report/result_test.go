package report

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/posture-score/posture/engine/catalog"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// checks is the pages that have results, by the names of their goldens.
func checks(t *testing.T) map[string]Page {
	t.Helper()
	return map[string]Page{
		"tests":        Tests{Report: tested()},
		"tests-nil":    Tests{},
		"check":        Check{Controls: loadCatalog(t).Controls()},
		"check-broken": Check{Problems: loadProblems(t)},
	}
}

// TestSARIF holds the output to what SARIF 2.1.0 requires of what is in it.
func TestSARIF(t *testing.T) {
	for name, page := range checks(t) {
		text := golden(t, name+"-sarif", "sarif", Style{}, page)
		var log sarifLog
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.DisallowUnknownFields()
		must.Do(t, decoder.Decode(&log))
		if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name == "" || log.Runs[0].Results == nil {
			t.Errorf("%s: it begins with %.200s", name, text)
		}
		rules := log.Runs[0].Tool.Driver.Rules
		for _, r := range log.Runs[0].Results {
			switch {
			case r.RuleIndex < 0 || r.RuleIndex >= len(rules) || rules[r.RuleIndex].ID != r.RuleID || r.RuleID == "":
				t.Errorf("%s: %q is not rule %d of %v", name, r.RuleID, r.RuleIndex, rules)
			case r.Level != "error" && r.Level != "warning" || r.Message.Text == "":
				t.Errorf("%s: level %q, message %q", name, r.Level, r.Message.Text)
			}
			for _, l := range r.Locations {
				at, region := l.Physical.Artifact.URI, l.Physical.Region
				if at == "" || path.IsAbs(at) || region != nil && (region.StartLine < 1 || region.StartColumn < 0 || region.EndLine < 0) {
					t.Errorf("%s: place %q, %+v", name, at, region)
				}
			}
		}
	}
}

// TestSARIFLocations writes paths as references to files: relative ones stay relative.
func TestSARIFLocations(t *testing.T) {
	for file, want := range map[string]string{
		"policies/a b.hcl": "policies/a%20b.hcl", "./a.rego": "./a.rego", "/tmp/ä.hcl": "file:///tmp/%C3%A4.hcl", "a:b.hcl": "./a:b.hcl", "../a#1": "../a%231",
	} {
		expect.Equalf(t, want, sarifLocations(place{file: file})[0].Physical.Artifact.URI, "%q", file)
	}
	if got := sarifLocations(place{}); got != nil {
		t.Errorf("no file is at %v", got)
	}
}

// TestJUnit reads the output back: the counts are those of the cases, and no two cases of a suite have one name.
func TestJUnit(t *testing.T) {
	for name, page := range checks(t) {
		var document junitSuites
		must.Do(t, xml.Unmarshal([]byte(golden(t, name+"-junit", "junit", Style{}, page)), &document))
		for _, suite := range document.Suites {
			want := junitSuite{Tests: len(suite.Cases)}
			names := map[string]bool{}
			for _, c := range suite.Cases {
				names[c.Name] = true
				if c.Failure != nil {
					want.Failures++
				}
				if c.Skipped != nil {
					want.Skipped++
				}
			}
			got := junitSuite{Tests: suite.Tests, Failures: suite.Failures, Skipped: suite.Skipped}
			if diff := cmp.Diff(want, got); diff != "" || suite.Name == "" || len(names) != len(suite.Cases) {
				t.Errorf("%s, %q: names %v, counts (-want +got)\n%s", name, suite.Name, names, diff)
			}
		}
	}
}

func TestResultsFullDisk(t *testing.T) {
	for _, format := range []string{"json", "sarif", "junit"} {
		for _, size := range []full{0, 60} {
			if err := Write(&size, Tests{Report: tested()}, format, Style{}); !errors.Is(err, errFull) {
				t.Errorf("%s: got %v", format, err)
			}
		}
	}
}

// TestFormats names the formats of pages, the usual one first.
func TestFormats(t *testing.T) {
	for want, page := range map[string]Page{
		"table json ndjson csv xlsx markdown html sarif junit github gitlab oscal ocsf openmetrics intoto graph template": Assessment{},
		"text json":                            Action{},
		"table json csv xlsx markdown":         Actions{},
		"table json sarif junit github gitlab": Check{},
	} {
		expect.Equalf(t, want, strings.Join(Formats(page), " "), "%T", page)
		if err := Write(nil, page, "yaml", Style{}); err == nil || !strings.Contains(err.Error(), strings.ReplaceAll(want, " ", ", ")) {
			t.Errorf("%T as yaml: %v", page, err)
		}
	}
	if diff := cmp.Diff(Formats(Check{}), Formats(Tests{Report: catalog.TestReport{}})); diff != "" {
		t.Errorf("a check and tests differ (-check +tests)\n%s", diff)
	}
}
