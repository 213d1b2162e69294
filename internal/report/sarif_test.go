package report

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestSARIFSchema validates what is written with the published schema.
func TestSARIFSchema(t *testing.T) {
	s := schema(t, "sarif-2.1.0.json")
	for _, page := range pages(t) {
		valid(t, s, rendered(t, page, "sarif"))
	}
	for _, page := range checks(t) {
		valid(t, s, rendered(t, page, "sarif"))
	}
}

// TestSARIFIsRead reads what is written by another implementation: it finds each result with its rule and its place. (Its own validation is of
// what it would write itself, with fields of its own that the schema refuses; TestSARIFSchema validates what we write.)
func TestSARIFIsRead(t *testing.T) {
	all := checks(t)
	for name, page := range pages(t) {
		all["assessment "+name] = page
	}
	for name, page := range all {
		read := must.Get(sarif.FromString(rendered(t, page, "sarif")))(t)
		want := sarifResults(t, page)
		expect.Equalf(t, len(want), len(read.Runs[0].Results), "%s: results", name)
		for i, r := range read.Runs[0].Results {
			rule := read.Runs[0].Tool.Driver.Rules[r.RuleIndex]
			if *rule.ID != want[i].RuleID || *r.Message.Text != want[i].Message.Text || *rule.ShortDescription.Text == "" || *rule.FullDescription.Text == "" || *rule.Help.Text == "" {
				t.Errorf("%s: %s is read as %v", name, want[i].RuleID, r)
			}
			if len(r.Locations) != 1 || *r.Locations[0].PhysicalLocation.ArtifactLocation.URI == "" {
				t.Errorf("%s: %s has no place", name, want[i].RuleID)
			}
		}
	}
}

func sarifResults(t *testing.T, page Page) []sarifResult {
	t.Helper()
	var log sarifLog
	must.Do(t, json.Unmarshal([]byte(rendered(t, page, "sarif")), &log))
	return log.Runs[0].Results
}

// TestSARIFOfAssessment has results of what is open, stable fingerprints, and where the control is declared.
func TestSARIFOfAssessment(t *testing.T) {
	a := &engine.Assessment{Tenant: engine.Tenant{ID: "t"}}
	for _, control := range loadCatalog(t).Controls() {
		a.Actions = append(a.Actions, action(control.ID, control.Title, 0, 5, engine.NotMet))
	}
	accepted := action("Accepted", "Accepted", 0, 5, engine.NotMet)
	accepted.Status = engine.RiskAccepted
	a.Actions = append(a.Actions, accepted, action("Done", "Done", 5, 5, engine.Complete), action("Dark", "Dark", 0, 5, engine.NoEvidence), action("No", "No", 0, 5, engine.NotApplicable))
	page := Assessment{Assessment: a, Controls: loadCatalog(t)}
	prints := map[string]bool{}
	levels := map[string]string{}
	for _, r := range sarifResults(t, page) {
		levels[r.RuleID] = r.Level
		prints[r.Fingerprints["postureAction/v1"]] = true
		if control := page.control(r.RuleID); control != nil {
			expect.Equalf(t, control.Position().Line, r.Locations[0].Physical.Region.StartLine, "%s", r.RuleID)
		}
		if (r.RuleID == "Accepted") != (len(r.Suppressions) == 1) {
			t.Errorf("%s: suppressed by %v", r.RuleID, r.Suppressions)
		}
	}
	expect.Equal(t, len(a.Actions)-2, len(prints))
	expect.Equal(t, "note", levels["Dark"])
	expect.Equal(t, "error", levels[a.Actions[0].ID])
}

// TestSARIFBaseline marks results by what they were before.
func TestSARIFBaseline(t *testing.T) {
	a := &engine.Assessment{}
	state := func(achieved int, outcome engine.Outcome) *attribution.State {
		return &attribution.State{Outcome: outcome, Achieved: engine.Points(achieved), Max: 500, Counts: true}
	}
	for _, id := range []string{"Broken", "Fresh", "Worse", "Same", "Other"} {
		a.Actions = append(a.Actions, action(id, id, 0, 5, engine.NotMet))
	}
	page := Assessment{Assessment: a, Baseline: &attribution.Attribution{Actions: []attribution.Change{
		{ID: "Broken", Before: state(500, engine.Complete), After: state(0, engine.NotMet)},
		{ID: "Fresh", After: state(0, engine.NotMet)},
		{ID: "Worse", Before: state(250, engine.Partial), After: state(0, engine.NotMet)},
		{ID: "Gone", Before: state(250, engine.Partial)},
		{ID: "Other", Before: state(0, engine.NotMet), After: state(0, engine.NotMet)},
	}}}
	got := map[string]string{}
	for _, r := range sarifResults(t, page) {
		got[r.RuleID] = r.Baseline
	}
	expect.Equal(t, map[string]string{"Broken": "new", "Fresh": "new", "Worse": "updated", "Same": "unchanged", "Other": "unchanged"}, got)
}

// manyResults is a page with more results than GitHub takes.
type manyResults struct{}

func (manyResults) document() any { return nil }

func (manyResults) results() []result {
	list := make([]result, maxSARIFResults+10)
	for i := range list {
		list[i] = result{rule: "A rule", state: warned, message: "m"}
	}
	list[len(list)-1].state = failed
	return list
}

func TestSARIFLimits(t *testing.T) {
	var log sarifLog
	must.Do(t, json.Unmarshal([]byte(rendered(t, manyResults{}, "sarif")), &log))
	run := log.Runs[0]
	expect.Equal(t, maxSARIFResults, len(run.Results))
	expect.Equal(t, "error", run.Results[0].Level)
	expect.Equal(t, map[string]int{"resultsLeftOut": 10}, run.Properties)
}

// TestSARIFSize holds the file to the size that GitHub takes, however long the texts are: what does not fit is counted.
func TestSARIFSize(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 64<<10)
	for i := range noise {
		noise[i] = byte('!' + random.IntN(90))
	}
	const count = 800
	var page resultList
	for i := range count {
		text := string(noise[i*37 : i*37+30<<10])
		page = append(page, result{id: fmt.Sprint(i), rule: text, description: text, help: text, message: text, suppressed: text, state: warned, tags: strings.Split(text, "a"), severity: "3.0"})
	}
	page[count-1].state = failed
	text := rendered(t, page, "sarif")
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	must.Get(w.Write([]byte(text)))(t)
	must.Do(t, w.Close())
	var log sarifLog
	must.Do(t, json.Unmarshal([]byte(text), &log))
	run := log.Runs[0]
	if packed.Len() > 10<<20 || len(run.Results) < 100 || run.Results[0].Level != "error" || len(run.Results)+run.Properties["resultsLeftOut"] != len(page) {
		t.Errorf("%d results in %d bytes, and %v", len(run.Results), packed.Len(), run.Properties)
	}
	for _, rule := range run.Tool.Driver.Rules {
		if n := utf8.RuneCountInString(rule.Description.Text); n > 1024 || len(rule.Properties.Tags) > maxSARIFTags {
			t.Fatalf("a description of %d characters, %d tags", n, len(rule.Properties.Tags))
		}
	}
}

// TestSARIFLinks has no link in a message that a name in evidence makes.
func TestSARIFLinks(t *testing.T) {
	page := resultList{{id: "A", state: failed, message: `failing: [sign in](https://evil.example), [x\](1), a[0]`}}
	text := rendered(t, page, "sarif")
	for _, want := range []string{`[sign in] (https://evil.example)`, `a[0]`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %q", text, want)
		}
	}
	if strings.Contains(text, "](") {
		t.Errorf("%s has a link", text)
	}
}
