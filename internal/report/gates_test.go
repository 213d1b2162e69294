package report

import (
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/attribution"
	"github.com/posture-score/posture/internal/gate"
)

// TestGatesInFormats has gates that failed in every format that tells what failed.
func TestGatesInFormats(t *testing.T) {
	page := pages(t)["ordinary"]
	page.Gates = []gate.Verdict{
		{Gate: "fail-under", Of: "identity", Result: gate.NotMet, Enforced: true, Message: "the score is low", Actions: []gate.Action{}},
		{Gate: "fail-on", Of: "regression", Result: gate.Incomparable, Enforced: true, Message: "there is no baseline", Actions: []gate.Action{}},
		{Gate: "max-age", Result: gate.Met, Enforced: true, Message: "it is fresh", Actions: []gate.Action{}},
	}
	for _, format := range []string{"table", "json", "markdown", "sarif", "junit", "gitlab"} {
		text := rendered(t, page, format)
		for _, want := range []string{"the score is low", "there is no baseline"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lacks %q", format, want)
			}
		}
	}
	if text := rendered(t, page, "sarif"); strings.Contains(text, "it is fresh") {
		t.Error("a gate that is met is a finding")
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
