package pipeline

import (
	"io"
	"strings"
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

func TestCommand(t *testing.T) {
	var out strings.Builder
	a := action{Job: Job{Out: &out, Err: io.Discard}}
	a.command("error", "gate: a, b", "100% of\n::set-output name=x::y\r")
	expect.Equal(t, "::error title=gate%3A a%2C b::100%25 of%0A::set-output name=x::y%0D\n", out.String())
}

func TestAnnotate(t *testing.T) {
	var out strings.Builder
	a := action{Job: Job{Out: &out, Err: io.Discard}}
	gates := []verdict{
		{Gate: "max-age", Result: "met", Enforced: true},
		{Gate: "fail-under", Of: "identity", Result: "not_met", Enforced: true, Message: "low"},
		{Gate: "fail-on", Of: "regression", Result: "incomparable", Enforced: true, Message: "no baseline"},
		{Gate: "fail-on", Of: "warning", Result: "not_met", Message: "reported only"},
		{Gate: "baseline-age", Result: "warning", Enforced: true, Message: "old"},
	}
	a.annotate(gates)
	expect.Equal(t, `::error title=posture gate fail-under identity::low
::error title=posture gate fail-on regression::no baseline
::warning title=posture gate fail-on warning::reported only
::warning title=posture gate baseline-age::old
`, out.String())
	out.Reset()
	a.annotate(append(make([]verdict, maxAnnotations), gates...))
	expect.Equal(t, maxAnnotations, strings.Count(out.String(), "\n"))
}

func TestGateFlags(t *testing.T) {
	tests := map[string]struct {
		env      map[string]string
		baseline string
		want     string
	}{
		"nothing on a push":                           {},
		"a pull request must not make anything worse": {env: map[string]string{"BASE_COMMIT": "0123"}, baseline: "b.json", want: "--fail-on=regression --baseline=b.json"},
		"and can't be compared with nothing":          {env: map[string]string{"BASE_COMMIT": "0123"}, want: "--fail-on=regression --baseline=baseline.json"},
		"what the inputs say": {
			env: map[string]string{
				"INPUT_BASELINE": "main.json", "INPUT_FAIL_ON": "expired, error\nno-evidence\n", "INPUT_FAIL_ON_CHANGE": "new-not-met", "INPUT_FAIL_UNDER": "70", "INPUT_MAX_AGE": "2d",
				"INPUT_REQUIRE_ASSESSED": "90", "INPUT_KNOWN_MISSING": "attestation.claims", "INPUT_WARN_ONLY": "true",
			},
			want:     "--fail-under=70 --fail-on=expired,error,no-evidence --max-age=2d --require-assessed=90 --known-missing=attestation.claims --fail-on=new-not-met --baseline=main.json --warn-only",
			baseline: "main.json",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := action{Job: Job{Env: func(name string) string { return tt.env[name] }}}
			expect.Equal(t, tt.want, strings.Join(a.gateFlags(tt.baseline), " "))
		})
	}
}
