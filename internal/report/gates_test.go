package report

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/gate"
	"github.com/posture-score/posture/internal/must"
)

// judged returns a page with a gate of each result, and one that is not enforced.
func judged(t *testing.T) Assessment {
	t.Helper()
	page := pages(t)["ordinary"]
	about := []gate.Action{{ID: "AdminMFAV2", Title: "MFA", Result: gate.NotMet, Reason: "a policy was weakened"}}
	page.Gates = []gate.Verdict{
		{Gate: "fail-under", Of: "identity", Result: gate.NotMet, Enforced: true, Message: "the score is low", Actions: []gate.Action{}},
		{Gate: "fail-on", Of: "regression", Result: gate.Incomparable, Enforced: true, Message: "there is no baseline", Actions: about},
		{Gate: "require-assessed", Result: gate.NotMet, Message: "little was assessed", Actions: []gate.Action{}},
		{Gate: "baseline-age", Result: gate.Warning, Message: "the baseline is old", Actions: []gate.Action{}},
		{Gate: "max-age", Result: gate.Met, Enforced: true, Message: "it is fresh", Actions: []gate.Action{}},
	}
	return page
}

// gateFormats returns the formats of an assessment that tell of gates: all but what Microsoft Graph would answer.
func gateFormats(t *testing.T) []string {
	t.Helper()
	formats := slices.DeleteFunc(Formats(Assessment{}), func(name string) bool { return slices.Contains([]string{"graph", "html", "template", "xlsx"}, name) })
	if len(formats) < 12 {
		t.Errorf("there are but %q", formats)
	}
	return formats
}

// TestGatesInFormats has gates that failed in every format, with what they are about.
func TestGatesInFormats(t *testing.T) {
	page := judged(t)
	for _, format := range gateFormats(t) {
		text := strings.NewReplacer("&#39;", "'", "require\\-", "require-", "fail\\-", "fail-", "baseline\\-", "baseline-").Replace(rendered(t, page, format))
		for _, want := range []string{"the score is low", "there is no baseline", "little was assessed", "the baseline is old"} {
			if format == "intoto" || format == "openmetrics" { // which have room for names alone
				want = map[string]string{
					"the score is low": "fail-under identity", "there is no baseline": "fail-on regression", "little was assessed": "require-assessed", "the baseline is old": "baseline-age",
				}[want]
			}
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", format, want)
			}
		}
	}
	if text := rendered(t, page, "sarif"); strings.Contains(text, "it is fresh") {
		t.Error("a gate that is met is a finding")
	}
}

// TestGateVerdicts has what readers of a format take for a failure: what is not met or can't be judged, unless it only warns.
func TestGateVerdicts(t *testing.T) {
	page := judged(t)
	for format, want := range map[string]string{
		"openmetrics": `posture_gate_met{tenant="contoso",gate="fail-under identity"} 0
posture_gate_met{tenant="contoso",gate="fail-on regression"} 0
posture_gate_met{tenant="contoso",gate="require-assessed"} 0
posture_gate_met{tenant="contoso",gate="baseline-age"} 1
posture_gate_met{tenant="contoso",gate="max-age"} 1
`,
		"intoto": `"gate fail-under identity", "gate fail-on regression"`,
	} {
		text := rendered(t, page, format)
		if format == "intoto" {
			_, text, _ = strings.Cut(text, "failedTests")
			text = strings.Join(strings.Fields(text), " ")
		}
		if !strings.Contains(strings.ReplaceAll(text, page.Tenant.ID, "contoso"), want) {
			t.Errorf("%s has\n%s\nand not\n%s", format, text, want)
		}
	}
	expect.Equal(t, []string{"Fail", "Warning", "Fail", "Fail", "Pass"}, ocsfStates(t, rendered(t, page, "ocsf"))[:5])
}

// ocsfStates returns the compliance status of each event.
func ocsfStates(t *testing.T, text string) []string {
	t.Helper()
	var states []string
	for line := range strings.Lines(text) {
		var event complianceFinding
		must.Do(t, json.Unmarshal([]byte(line), &event))
		states = append(states, event.Compliance.Status)
	}
	return states
}

// TestGateFailsTestResult has a tenant that complies with everything fail if a gate does.
func TestGateFailsTestResult(t *testing.T) {
	page := pages(t)["ordinary"]
	page.Actions = slices.DeleteFunc(slices.Clone(page.Actions), func(a engine.Action) bool { return verdictOf(&a) != met })
	for result, want := range map[gate.Result]string{gate.Met: "PASSED", gate.Warning: "WARNED", gate.NotMet: "FAILED", gate.Incomparable: "FAILED"} {
		page.Gates = []gate.Verdict{{Gate: "max-age", Result: result, Enforced: result != gate.Warning}}
		if text := rendered(t, page, "intoto"); !strings.Contains(text, `"result": "`+want+`"`) {
			t.Errorf("%s: the result is not %s", result, want)
		}
	}
}

// TestGatesOfLongComment keeps every gate in a comment that has no room for its rows.
func TestGatesOfLongComment(t *testing.T) {
	page := judged(t)
	for i := range 100 {
		page.Gates = append(page.Gates, gate.Verdict{Gate: "fail-under", Of: fmt.Sprintf("product:p%d", i), Result: gate.NotMet, Message: strings.Repeat("@#", 400)})
	}
	text := rendered(t, page, "markdown")
	if len(text) > maxComment || !strings.Contains(text, "the score is low") || !strings.Contains(text, "Gates that are left out") {
		t.Errorf("%d bytes: %.300s", len(text), text)
	}
}

// TestCommentOfGates is silent where nothing changed, unless a gate is not met.
func TestCommentOfGates(t *testing.T) {
	page := pages(t)["ordinary"]
	page.Baseline = attribution.Compare(page.Assessment, page.Assessment)
	if text := rendered(t, page, "markdown"); text != "" {
		t.Errorf("nothing changed, and the comment is %q", text)
	}
	page.Gates = []gate.Verdict{{Gate: "fail-under", Result: gate.NotMet, Enforced: true, Message: "the score is low", Actions: []gate.Action{}}}
	if text := rendered(t, page, "markdown"); !strings.Contains(text, "the score is low") {
		t.Errorf("the comment is %q", text)
	}
}

// TestGatesAreAnnotatedFirst has gates that failed among the few annotations that GitHub shows, however many severe actions are open.
func TestGatesAreAnnotatedFirst(t *testing.T) {
	gates := judged(t)
	var page resultList
	for i := range 3 * maxAnnotations {
		page = append(page, result{id: fmt.Sprint(i), state: failed, severity: "10.0", left: 1000, since: "new", message: "m"})
	}
	page = append(page, gates.gateResults()...)
	titles := []string{}
	for _, c := range commands(t, page)[:2] {
		titles = append(titles, c.properties["title"])
	}
	expect.Equal(t, []string{"gate fail-under identity", "gate fail-on regression"}, titles)
}
