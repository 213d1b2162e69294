package engine_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

const everyUserFails = `coverage "entra.users" {
	when_empty = "full"
}`

// TestLabels holds that records are shown by the names that people know them by: in an assessment, in what is called for each
// failing record, and where a decision excludes one. Names are foreign texts, of any length and kind.
func TestLabels(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		label any
		want  string
	}{
		"a name":                 {"ada@contoso.example", "ada@contoso.example"},
		"in the evidence's case": {"Ada@Contoso.example", "Ada@Contoso.example"},
		"with escapes":           {"\"Ada\"\t\u202e", "\"Ada\"\t\u202e"},
		"none":                   {nil, ""},
		"no text":                {[]any{"ada"}, ""},
		"nothing to be seen":     {" \u200b", ""},
		"the key again":          {"u1", ""},
		"as long as it may be":   {strings.Repeat("é", 128), strings.Repeat("é", 128)},
		"longer":                 {strings.Repeat("🦉", 5000), strings.Repeat("🦉", 127) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			people := list{object{"id": "u1", "userPrincipalName": test.label}, object{"id": "u2", "userPrincipalName": test.label}}
			if test.label == nil {
				delete(people[0].(object), "userPrincipalName")
			}
			b := bundle(t, data{"entra.users": people})
			var called []engine.Failure
			a := assess(t, load(t, everyUserFails, "default compliant := false"), b, engine.Options{}, engine.AssessOptions{
				Decisions: map[string]engine.Decision{"C": {Exclude: []engine.Exclusion{{Key: "U2", Reason: "break glass"}}}},
				Failures:  func(f engine.Failure) error { called = append(called, f); return nil },
			})
			action := a.Actions[0]
			expect.Equalf(t, []engine.Record{{Key: "u1", Label: test.want}}, action.Failing.Shown, "failing")
			expect.Equalf(t, []engine.Failure{{Control: action.ID, Dataset: "entra.users", Key: "u1", Label: test.want, Reasons: []string{}}}, called, "called")
			if test.want != "" { // "u1" is the key of one alone
				expect.Equalf(t, []engine.ExcludedRecord{{Key: "U2", Label: test.want, Reason: "break glass"}}, action.Excluded.Shown, "excluded")
			}
			conforms(t, a)
		})
	}
}

// TestEarlierRecord holds that failing records of earlier assessments, which are texts, are read as keys.
func TestEarlierRecord(t *testing.T) {
	t.Parallel()
	var failing engine.Failing
	must.Do(t, json.Unmarshal([]byte(`{"total": 3, "shown": ["a", {"key": "b", "label": "B"}, {"key": "c"}]}`), &failing))
	expect.Equal(t, engine.Failing{Total: 3, Shown: []engine.Record{{Key: "a"}, {Key: "b", Label: "B"}, {Key: "c"}}}, failing)
	for _, bad := range []string{`1`, `{"key": 1}`, `["a"]`} {
		if err := json.Unmarshal([]byte(bad), &engine.Record{}); err == nil {
			t.Errorf("%s is read", bad)
		}
	}
}
