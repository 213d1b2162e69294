package schemas

import (
	"testing"

	"github.com/posture-score/posture/internal/expect"
)

func TestInstant(t *testing.T) {
	for _, test := range cases(t, "instant") {
		text, want := test[1], test[0] == "true"
		if got, bytes := instant(text), instant([]byte(text)); got != want || bytes != want {
			t.Errorf("instant(%q) = %v, of bytes %v, want %v", text, got, bytes, want)
		}
	}
}

// A schema with a keyword that is not known here is left to the library, and so is a field with one.
func TestAcceptorKnowsItsLimits(t *testing.T) {
	for _, test := range cases(t, "acceptor") {
		want, rules, value := test[0] == "true", test[1], test[2]
		a := newAcceptor(decode(t, `{`+rules+`}`).(map[string]any), nil)
		expect.Equalf(t, want, a.acceptsValue(decode(t, value)), "%s on %s, decoded", rules, value)
		expect.Equalf(t, want, a.acceptsText([]byte(value)), "%s on %s, as text", rules, value)
	}
}
