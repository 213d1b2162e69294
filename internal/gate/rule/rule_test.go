package rule_test

import (
	"testing"
	"time"

	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/gate/rule"
	"github.com/posture-score/posture/internal/score"
)

func TestParsePercent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]score.Points{
		"0": 0, "70": 70_00, "70%": 70_00, "62.5": 62_50, "100": 100_00, "100.00": 100_00, "24.28": 24_28,
		"61.375": 61_38, "61.37000": 61_37, "0.00001": 1, // a score of 61.37 % is below 61.375 %
	} {
		got, err := rule.ParsePercent(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		expect.Equalf(t, want, got, "%s", text)
	}
	for _, text := range []string{"", "-1", "100.01", "101", "1e2", "NaN", "1/2", "0x10", "70%%", "%", "70 %", " 70", "1e999999999", "٧"} {
		if got, err := rule.ParsePercent(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func TestParseFloors(t *testing.T) {
	t.Parallel()
	got, at, err := rule.ParseFloors([]string{"70", "identity=80", "product:exchange_online=62.5"})
	if err != nil {
		t.Fatal(at, err)
	}
	expect.Equal(t, []rule.Floor{{Percent: 70_00}, {Category: "identity", Percent: 80_00}, {Product: "exchange_online", Percent: 62_50}}, got)
	expect.Equal(t, "product:exchange_online", got[2].Of())
	for _, texts := range [][]string{{"identity"}, {"=70"}, {"product:=70"}, {"identity=80", "identity=70"}, {"70", "80"}, {"a=b=70"}, {"Identity=70"}} {
		if got, _, err := rule.ParseFloors(texts); err == nil {
			t.Errorf("%q are %v", texts, got)
		}
	}
	if _, at, err := rule.ParseFloors(make([]string, rule.MaxFloors+1)); err == nil || at != rule.MaxFloors {
		t.Error(at, err)
	}
}

func TestParseAge(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"90m": 90 * time.Minute, "48h": 48 * time.Hour, "7d": 168 * time.Hour, "2w": 336 * time.Hour} {
		got, err := rule.ParseAge(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		expect.Equalf(t, want, got, "%s", text)
	}
	for _, text := range []string{"", "0d", "7", "-7d", "1.5h", "1d12h", "999999w", "3651d", "99999999999999999999d"} {
		if got, err := rule.ParseAge(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
	for age, want := range map[time.Duration]string{time.Minute: "1 minute", 2 * time.Hour: "2 hours", 47 * time.Hour: "47 hours", 48 * time.Hour: "2 days"} {
		expect.Equal(t, want, rule.Days(age))
	}
}

// TestEvents has a baseline stand for regressions if nothing else compares with it.
func TestEvents(t *testing.T) {
	t.Parallel()
	set := func(baseline string, events ...rule.Event) *rule.Set {
		return &rule.Set{Baseline: baseline, FailOn: events}
	}
	expect.Equal(t, []rule.Event{rule.Regression, rule.Error}, set("b.json", rule.Error).Events())
	expect.Equal(t, []rule.Event{rule.NewNotMet}, set("b.json", rule.NewNotMet).Events())
	expect.Equal(t, false, set("", rule.Error).Compares())
	expect.Equal(t, true, set("", rule.Regression).Compares())
	expect.Equal(t, true, (&rule.Set{WarnOnly: true, Confirm: 2}).Empty())
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"70", "identity=80", "product:exchange_online=62.5", "48h", "61.375"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if floor, err := rule.ParseFloor(text); err == nil && (floor.Percent < 0 || floor.Percent > 100_00 || floor.Category != "" && floor.Product != "") {
			t.Errorf("%q is %+v", text, floor)
		}
		if age, err := rule.ParseAge(text); err == nil && (age <= 0 || age > rule.MaxAge) {
			t.Errorf("%q is %v", text, age)
		}
	})
}
