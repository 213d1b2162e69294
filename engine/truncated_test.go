package engine_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/evidence"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

// truncated returns a bundle whose exports truncated fields.
func truncated(t *testing.T, datasets data, fields map[string][]string) *evidence.Bundle {
	t.Helper()
	dir := t.TempDir()
	w, err := evidence.Create(dir, evidence.Manifest{Tenant: evidence.Tenant{ID: "t1"}, CollectedAt: collected})
	must.Do(t, err)
	for name, content := range datasets {
		switch content := content.(type) {
		case object:
			err = errors.Join(err, w.Document(name, content))
		case list:
			err = errors.Join(err, w.Records(name, recordsOf(content)))
		}
		for _, field := range fields[name] {
			w.Truncated(name, evidence.Truncated{Field: field, File: "x.json"})
		}
	}
	must.Do(t, errors.Join(err, w.Close()))
	b := must.Get(evidence.Open(t.Context(), dir, evidence.DefaultLimits()))(t)
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// TestTruncated holds that a dataset with a truncated field is failed if a rule reads the field, a part of
// it, or a value that contains it as a whole.
func TestTruncated(t *testing.T) {
	t.Parallel()
	const (
		policies = "entra.conditional_access_policies"
		people   = "entra.users"
		methods  = "entra.user_registration"
		list1    = "context = [\"" + policies + "\"]\n"
		setting  = "setting {}\n" + list1
		coverage = "coverage \"" + people + "\" {\n  when_empty = \"full\"\n"
	)
	tests := []struct {
		name, block, rule, dataset, field string
		fails                             bool
	}{
		{"a field that is read", setting, `compliant if data.evidence.entra.conditional_access_policies[_].conditions.users.excludeUsers == []`, policies, "conditions.users.excludeUsers", true},
		{"what is around it", setting, `compliant if data.evidence.entra.conditional_access_policies[_].conditions.users.excludeUsers == []`, policies, "conditions", true},
		{"a field beside it", setting, `compliant if data.evidence.entra.conditional_access_policies[_].conditions.users.excludeUsers == []`, policies, "conditions.users.includeUsers", false},
		{"a field with a longer name", setting, `compliant if data.evidence.entra.conditional_access_policies[_].state == "enabled"`, policies, "stateOf", false},
		{"a part of what is read as a whole", setting, `compliant if data.evidence.entra.conditional_access_policies[_].conditions == object.union({}, {})`, policies, "conditions.users.includeUsers", true},
		{"the key", setting, `compliant if data.evidence.entra.conditional_access_policies[_].state == "enabled"`, policies, "id", true},
		{"a field of a population", coverage + "}\n", `compliant if input.accountEnabled`, people, "accountEnabled", true},
		{"another field of a population", coverage + "}\n", `compliant if input.accountEnabled`, people, "city", false},
		{
			"by what records are too old", coverage + "  fresh {\n    field = \"createdDateTime\"\n    days = \"days\"\n  }\n}\nparameter \"days\" {\n  type = number\n  default = 30\n}\n",
			`compliant if input.accountEnabled`, people, "createdDateTime", true,
		},
		{"the licenses of users", coverage + "}\n", `compliant if input.accountEnabled`, people, "assignedLicenses.disabledPlans", true},
		{
			"a field of a join", coverage + "  join \"methods\" {\n    dataset = \"" + methods + "\"\n    on = \"id\"\n  }\n}\n",
			`compliant if input.methods.isMfaRegistered`, methods, "isMfaRegistered", true,
		},
		{
			"another field of a join", coverage + "  join \"methods\" {\n    dataset = \"" + methods + "\"\n    on = \"id\"\n  }\n}\n",
			`compliant if input.methods.isMfaRegistered`, methods, "methodsRegistered", false,
		},
		{"a dataset that nobody reads", setting, `compliant if data.evidence.entra.conditional_access_policies[_].state == "enabled"`, people, "accountEnabled", false},
	}
	datasets := data{
		policies: list{object{"id": "p1", "state": "enabled"}},
		people:   list{object{"id": "u1", "accountEnabled": true}},
		methods:  list{object{"id": "u1", "isMfaRegistered": true}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			catalog := load(t, test.block, "default compliant := false\n\n"+test.rule+"\n")
			a := assess(t, catalog, truncated(t, datasets, map[string][]string{test.dataset: {test.field}}), engine.Options{}, engine.AssessOptions{})
			missing := []string{}
			want := ""
			if test.fails {
				missing = []string{test.dataset}
				want = test.field + " was cut off in x.json, as ConvertTo-Json does below its depth: save it again with -Depth 10"
			}
			expect.Equalf(t, missing, a.Actions[0].Missing, "missing")
			for _, dataset := range a.Evidence.Datasets {
				if dataset.Name == test.dataset && dataset.Reason != want {
					t.Errorf("reason %q, want %q", dataset.Reason, want)
				}
			}
		})
	}
}

// TestDefaultLimit holds that exactly as many records as a command returns by default are a warning, and
// change no outcome.
func TestDefaultLimit(t *testing.T) {
	t.Parallel()
	catalog := load(t, "coverage \"exchange.mailboxes\" {\n  when_empty = \"full\"\n}\n", "default compliant := false\n\ncompliant if input.auditEnabled\n")
	for records, warned := range map[int]bool{999: false, 1000: true, 1001: false} {
		mailboxes := list{}
		for i := range records {
			mailboxes = append(mailboxes, object{"primarySmtpAddress": fmt.Sprintf("u%d@contoso.example", i), "auditEnabled": true})
		}
		a := assess(t, catalog, bundle(t, data{"exchange.mailboxes": mailboxes}), engine.Options{}, engine.AssessOptions{})
		const want = "exchange.mailboxes holds just 1000 records, as many as Get-EXOMailbox gives unless it is asked for all: save it again with -ResultSize Unlimited if there are more"
		if got := slices.Contains(a.Evidence.Warnings, want); got != warned || a.Actions[0].Outcome != engine.Complete {
			t.Errorf("%d mailboxes: %s, %q", records, a.Actions[0].Outcome, a.Evidence.Warnings)
		}
	}
}
