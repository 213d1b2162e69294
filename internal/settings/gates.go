package settings

import (
	"slices"
	"time"

	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/literal"
	"github.com/posture-score/posture/internal/suggest"
)

func gatesFields() []string {
	return []string{"fail_under", "fail_on", "baseline", "baseline_age", "max_age", "require_assessed", "confirm", "warn_only", "known_missing"}
}

// gates reads what an assessment has to meet.
func gates(b *literal.Block, dir string) rule.Set {
	var s rule.Set
	if b == nil {
		return s
	}
	var at int
	var err error
	texts := b.Texts("fail_under", rule.MaxFloors, maxName)
	if s.FailUnder, at, err = rule.ParseFloors(written(texts)); at >= 0 {
		b.ItemProblem("fail_under", at, "Invalid fail_under", "%s.", err)
	}
	events := names(rule.Events())
	for i, text := range b.Texts("fail_on", len(events), maxName) {
		if text != "" && !slices.Contains(events, text) { // what is empty was told
			b.ItemProblem("fail_on", i, "Invalid fail_on", "%.80q has to be one of %s.%s", text, suggest.List(events), suggest.Hint(text, events))
		}
		s.FailOn = append(s.FailOn, rule.Event(text))
	}
	s.Baseline = store(b, "baseline", dir)
	s.BaselineAge, s.MaxAge = age(b, "baseline_age"), age(b, "max_age")
	s.RequireAssessed, _ = b.Percent("require_assessed")
	confirm, _ := b.Count("confirm", 1, rule.MaxConfirm)
	s.Confirm = int(confirm)
	s.WarnOnly, _ = b.Bool("warn_only")
	s.KnownMissing = b.Texts("known_missing", rule.MaxMissing, maxName)
	return s
}

// names returns events as texts.
func names(events []rule.Event) []string {
	list := make([]string, len(events))
	for i, event := range events {
		list[i] = string(event)
	}
	return list
}

// written returns the texts up to the first that is none: about that one something was said.
func written(texts []string) []string {
	for i, text := range texts {
		if text == "" {
			return texts[:i]
		}
	}
	return texts
}

func age(b *literal.Block, name string) time.Duration {
	text := b.Text(name, maxName)
	if text == "" {
		return 0
	}
	found, err := rule.ParseAge(text)
	if err != nil {
		b.Problem(name, "Invalid "+name, "%s.", err)
	}
	return found
}
