package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// TestFresh holds that records which say that they were last seen too long ago do not count, and no others.
func TestFresh(t *testing.T) {
	t.Parallel()
	block := func(whenEmpty string) string {
		return fmt.Sprintf(`
  coverage "defender_endpoint.secure_configuration" {
    when_empty = %q
    match      = { configurationId = "scid-1" }
    fresh {
      field = "timestamp"
      days  = "stale_after_days"
    }
  }
  parameter "stale_after_days" {
    type    = number
    default = 30
  }
`, whenEmpty)
	}
	const rule = "default compliant := false\n\ncompliant if input.isCompliant\n"
	now := time.Date(2026, 10, 1, 6, 0, 0, 0, time.UTC)
	row := func(device string, timestamp any) object {
		row := object{"deviceId": device, "configurationId": "scid-1", "isApplicable": true, "isCompliant": device != "bad"}
		if timestamp != nil {
			row["timestamp"] = timestamp
		}
		return row
	}
	for _, test := range []struct {
		name      string
		whenEmpty string
		rows      list
		validate  engine.Validation
		exclude   []engine.Exclusion
		want      string
	}{
		{"fresh", "full", list{row("a", "2026-09-30T10:00:00Z"), row("bad", "2026-09-01T06:00:00Z")}, "", nil, "partial 5 1/2/2 [bad]"},
		{"stale", "full", list{row("a", "2026-09-30T10:00:00Z"), row("bad", "2026-09-01T05:59:59.999Z")}, "", nil, "complete 10 1/1/2 []; 1 record is left out: not seen for more than 30 days"},
		{"another zone", "full", list{row("a", "2026-09-01T07:30:00+02:00"), row("b", "2026-09-01T04:30:00-02:00")}, "", nil, "complete 10 1/1/2 []; 1 record is left out: not seen for more than 30 days"},
		{
			"Microsoft's own forms", "full",
			list{row("a", "2020-11-03 10:13:34.8476880"), row("bad", "2020-11-03T10:13:34"), row("b", "2026-09-30 10:13:34")},
			engine.ValidateOff, nil,
			"complete 10 1/1/3 []; 2 records are left out: not seen for more than 30 days",
		},
		{"absent, null or in the future", "full", list{row("a", nil), row("bad", nil), row("b", "2031-01-01T00:00:00Z"), row("c", "")}, engine.ValidateOff, nil, "partial 7.5 3/4/4 [bad]"},
		{
			"not understood", "full",
			list{row("a", "2026-09-30T10:00:00Z"), row("b", "long ago"), row("c", "1/5/2025 10:13:34 AM"), row("d", 7)},
			engine.ValidateOff, nil,
			"partial 2.5 1/4/4 [b c d]; the record says when it was last seen in a form that can't be read (3 of 4)",
		},
		{"a record that can't be trusted", "full", list{row("a", "2020-01-01T00:00:00Z"), object{"deviceId": "b", "configurationId": "scid-1", "isCompliant": "yes", "timestamp": "2020-01-01T00:00:00Z"}}, "", nil, "not_met 0 0/1/2 [b]; the record is not what its schema says, or can't be joined (1 of 1); 1 record is left out: not seen for more than 30 days"},
		{"all stale", "not_applicable", list{row("a", "2020-01-01T00:00:00Z"), row("b", "2020-01-01T00:00:00Z")}, "", nil, "not_applicable 0 0/0/2 []; 2 records are left out: not seen for more than 30 days; nothing else is in scope"},
		{"all stale, where an empty scope is full", "full", list{row("a", "2020-01-01T00:00:00Z")}, "", nil, "not_applicable 0 0/0/1 []; 1 record is left out: not seen for more than 30 days; nothing else is in scope"},
		{"stale and excluded", "not_applicable", list{row("a", "2020-01-01T00:00:00Z")}, "", []engine.Exclusion{{Key: "a"}}, "not_applicable 0 0/0/1 []; 1 record is left out: not seen for more than 30 days; nothing else is in scope"},
	} {
		for _, options := range []engine.Options{{}, {Interpreter: true, Workers: 1, DisableMemo: true}, engine.Options{Workers: 3}.WithBlockSize(64)} {
			t.Run(fmt.Sprintf("%s, topdown %v, %d workers", test.name, options.Interpreter, options.Workers), func(t *testing.T) {
				b := bundle(t, data{"defender_endpoint.secure_configuration": test.rows})
				settings := engine.AssessOptions{Now: now, Validate: test.validate, Decisions: map[string]engine.Decision{"C": {Exclude: test.exclude}}}
				a := assess(t, load(t, block(test.whenEmpty), rule), b, options, settings).Actions[0]
				expect.Equal(t, test.want, brief(a))
			})
		}
	}
}

// TestFreshByParameter holds that an organization can say how many days are not too long.
func TestFreshByParameter(t *testing.T) {
	t.Parallel()
	catalog := builtin(t)
	for text, want := range map[string]string{"30": "not_applicable", "40": "complete"} {
		own := must.Get(catalog.WithParameters("own.hcl", []byte("control \"scid_25\" {\n  stale_after_days = "+text+"\n}\n")))(t)
		b := bundle(t, data{"defender_endpoint.secure_configuration": list{object{
			"deviceId": "a", "configurationId": "scid-25", "isApplicable": true, "isCompliant": true, "timestamp": collected.AddDate(0, 0, -35).Format(time.RFC3339),
		}}, "defender_endpoint.exceptions": list{}})
		for _, a := range assess(t, own, b, engine.Options{}, engine.AssessOptions{}).Actions {
			if a.ID == "scid_25" && string(a.Outcome) != want {
				t.Errorf("after %s days: %s, want %s", text, brief(a), want)
			}
		}
	}
	if _, err := catalog.WithParameters("own.hcl", []byte("control \"scid_25\" {\n  stale_after_days = 0\n}\n")); err == nil {
		t.Error("no days are accepted")
	}
}
