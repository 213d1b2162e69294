package register

import (
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// What is wrong is said of the field that it is about, in words for whoever filled it in.
func TestCheckFields(t *testing.T) {
	for name, test := range map[string]struct {
		fields Fields
		want   map[string]string
	}{
		"nothing":     {Fields{}, nil},
		"fine":        {Fields{Status: of("planned"), Owner: of(`"${x}" %{if}`), Due: of("2026-12-31"), Reason: of("a\nb\n<<EOT")}, nil},
		"no reason":   {Fields{Status: of("risk_accepted")}, map[string]string{"reason": "The status risk_accepted changes a score or leaves a risk: say why, in the attribute reason."}},
		"no such day": {Fields{Due: of("2026-02-30")}, map[string]string{"due": `"2026-02-30" is no time: write a date such as 2026-12-31, or a time such as 2026-12-31T18:00:00Z.`}},
		"several": {Fields{Status: of("completed"), Owner: of("\u202ex"), Ticket: of(strings.Repeat("x", 201))}, map[string]string{
			"status": "That an action is completed follows from the evidence alone: leave the status out.",
			"owner":  "The owner has a character that steers a terminal or the direction of writing, or ends a line: remove it.",
			"ticket": "The ticket has 201 characters; it may have 200.",
		}},
		"nothing to expire": {Fields{Expires: of("2027-01-01")}, map[string]string{"expires": "An action that is to address stays so until its status changes: give it another status, or remove expires."}},
	} {
		expect.Equalf(t, test.want, must.Get(CheckFields(test.fields))(t), "%s", name)
	}
}

func TestCheckNote(t *testing.T) {
	at := time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)
	expect.Equal(t, nil, must.Get(CheckNote(engine.Note{Time: at, Author: "Ada", Text: "a\n}\n\"${x}\nEOT"}))(t))
	expect.Equal(t, map[string]string{"text": "There is nothing in it: write something, or leave it out."}, must.Get(CheckNote(engine.Note{Time: at, Author: "Ada", Text: " "}))(t))
	expect.Equal(t, map[string]string{"author": "There is nothing in it: write something, or leave it out."}, must.Get(CheckNote(engine.Note{Time: at, Text: "x"}))(t))
}

func TestCheckTags(t *testing.T) {
	for want, tags := range map[string][]string{
		"": {"q4", `"], x = ["`},
		`The tag "q4" stands in the list already: remove one of the two.`: {"q4", "q4"},
		"There is nothing in it: write something, or leave it out.":       {""},
		"An action has at most 50 tags; these are 51.":                    strings.Split(strings.Repeat("a,", 50)+"a", ","),
	} {
		expect.Equal(t, want, must.Get(CheckTags(tags))(t))
	}
}
