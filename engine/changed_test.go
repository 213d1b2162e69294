package engine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// swapped is a bundle of which one file is another one while it is read, and only then: it is replaced when another dataset has
// been read, and put back when it has been read itself.
type swapped struct {
	*evidence.Bundle
	file      string
	good, bad []byte
	whole     bool // it is not put back
}

// progress replaces the file, and puts it back.
func (s *swapped) progress(t *testing.T) func(string, int64) {
	return func(dataset string, _ int64) {
		content := s.bad
		if !s.whole && strings.HasPrefix(filepath.Base(s.file), dataset+".") {
			content = s.good
		}
		must.Do(t, os.WriteFile(s.file, content, 0o600))
	}
}

// TestChangedWhileRead holds that no assessment rests on bytes that have another digest than the manifest says, though the file had
// the right content before and has it after. It is an error for documents, populations, joined datasets, and what nothing reads.
func TestChangedWhileRead(t *testing.T) {
	t.Parallel()
	cat := load(t, `coverage "entra.users" {
  when_empty = "full"
  join "registration" { dataset = "entra.user_registration" }
}
context = ["entra.authorization_policy", "entra.security_defaults"]`, `default compliant := false
compliant if {
	input.registration.isMfaRegistered
	data.evidence.entra.security_defaults.isEnabled
	data.evidence.entra.authorization_policy.id
}`)
	for file, edit := range map[string][2]string{
		"entra.users.ndjson":             {`"u1"`, `"u2"`},
		"entra.user_registration.ndjson": {"false", "true"},
		"entra.security_defaults.json":   {"true", "false"},
		"entra.groups.ndjson":            {"g1", "g2"},
		"entra.domains.ndjson":           {"x.example", "{"},
	} {
		for _, whole := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, stays changed: %v", file, whole), func(t *testing.T) {
				t.Parallel()
				s := swap(t, file, edit)
				s.whole = whole
				told := 0
				_, err := compiled(t, cat, engine.Options{}).Assess(t.Context(), s.Bundle, engine.AssessOptions{
					Progress: s.progress(t), Failures: func(engine.Failure) error { told++; return nil },
				})
				want := file + ": has the sha256 "
				if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
					t.Errorf("%v; want one error with %q", err, want)
				}
			})
		}
	}
}

// swap writes a bundle, of which one file is going to be replaced by an edited one.
func swap(t *testing.T, file string, edit [2]string) *swapped {
	t.Helper()
	b, dir := bundleIn(t, data{
		"entra.users":                users("u1", "u3"),
		"entra.user_registration":    list{object{"id": "u1", "isMfaRegistered": false}},
		"entra.authorization_policy": object{"id": "p"},
		"entra.security_defaults":    object{"id": "s", "isEnabled": true},
		"entra.groups":               list{object{"id": "g1"}},
		"entra.domains":              list{object{"id": "x.example"}},
	})
	s := &swapped{Bundle: b, file: filepath.Join(dir, file)}
	s.good = must.Get(os.ReadFile(s.file))(t)
	s.bad = []byte(strings.Replace(string(s.good), edit[0], edit[1], 1))
	if string(s.good) == string(s.bad) {
		t.Fatalf("%q is not in %s", edit[0], s.good)
	}
	return s
}

// TestTimeWarning holds that an assessment as of a time that the evidence tells little about says so.
func TestTimeWarning(t *testing.T) {
	t.Parallel()
	cat := load(t, counted, countedRule)
	for _, test := range []struct {
		now  time.Time
		want string
	}{
		{time.Time{}, ""},
		{collected, ""},
		{collected.Add(-time.Second), "the assessment is as of 2026-10-01T05:59:59Z, and the evidence was collected later, at 2026-10-01T06:00:00Z: what has expired in between counts as valid"},
		{collected.AddDate(0, 0, 90), ""},
		{collected.AddDate(0, 0, 91).In(time.FixedZone("", 3600)), "the assessment is as of 2026-12-31T06:00:00Z, and the evidence was collected long before, at 2026-10-01T06:00:00Z: what has changed in between is not in it"},
	} {
		a := assess(t, cat, bundle(t, data{"entra.users": users("good1")}), engine.Options{}, engine.AssessOptions{Now: test.now})
		expect.Equalf(t, test.want, strings.Join(a.Evidence.Warnings, "\n"), "%v", test.now)
	}
}
