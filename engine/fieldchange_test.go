package engine_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/posture-score/posture/engine"
	"github.com/posture-score/posture/internal/expect"
	"github.com/posture-score/posture/internal/must"
)

const (
	readsPolicies = "setting {}\ncontext = [\"entra.conditional_access_policies\", \"entra.security_defaults\"]\n"
	anyPolicy     = `default compliant := false

compliant if data.evidence.entra.security_defaults.isEnabled

compliant if {
	some policy in data.evidence.entra.conditional_access_policies
	policy.state == "enabled"
	"All" in policy.conditions.users.includeUsers
	count(policy.conditions.users.excludeUsers) < 3
	policy.grantControls.operator == "OR"
}
`
)

// policyOf returns a Conditional Access policy.
func policyOf(id, name, state string, excluded ...any) object {
	return object{
		"id": id, "displayName": name, "state": state, "createdDateTime": "2026-01-01T00:00:00Z",
		"conditions":    object{"users": object{"includeUsers": list{"All"}, "excludeUsers": append(list{}, excluded...)}},
		"grantControls": object{"operator": "OR"},
	}
}

// TestDocumentChanges names the fields that changed: those that the rule reads, of records told apart by their keys.
func TestDocumentChanges(t *testing.T) {
	t.Parallel()
	e := compiled(t, load(t, readsPolicies, anyPolicy), engine.Options{})
	compare := func(before, after data, most int) *engine.DocumentChanges {
		t.Helper()
		return must.Get(e.DocumentChanges(t.Context(), bundle(t, before), bundle(t, after), "C", most))(t)
	}
	defaults := func(on bool) object {
		return object{"id": "d", "isEnabled": on, "displayName": fmt.Sprint("Defaults ", on)}
	}
	before := data{"entra.security_defaults": defaults(true), "entra.conditional_access_policies": list{
		policyOf("p1", "Block legacy", "enabled", "u1", "u2"), policyOf("p2", "Old name", "enabled"), policyOf("p3", "Gone", "disabled"),
	}}
	after := data{"entra.security_defaults": defaults(false), "entra.conditional_access_policies": list{
		policyOf("p4", "New", "enabled"), policyOf("p2", "New name", "enabled"), policyOf("P1", "Block legacy", "disabled", "u3", "u2"),
	}}
	const policies = "entra.conditional_access_policies"
	legacy := &engine.Record{Key: "p1", Label: "Block legacy"}
	whole := func(state string) string {
		return `{"conditions":{"users":{"excludeUsers":[],"includeUsers":["All"]}},"grantControls":{"operator":"OR"},"state":"` + state + `"}`
	}
	want := []engine.FieldChange{
		{Dataset: policies, Record: legacy, Field: "conditions.users.excludeUsers[]", Old: `"u1"`},
		{Dataset: policies, Record: legacy, Field: "conditions.users.excludeUsers[]", New: `"u3"`},
		{Dataset: policies, Record: legacy, Field: "state", Old: `"enabled"`, New: `"disabled"`},
		{Dataset: policies, Record: &engine.Record{Key: "p3", Label: "Gone"}, Old: whole("disabled")},
		{Dataset: policies, Record: &engine.Record{Key: "p4", Label: "New"}, New: whole("enabled")},
		{Dataset: "entra.security_defaults", Field: "isEnabled", Old: "true", New: "false"},
	}
	expect.Equal(t, &engine.DocumentChanges{Total: 6, Shown: want}, compare(before, after, 100))
	expect.Equalf(t, &engine.DocumentChanges{Total: 6, Shown: want[:2]}, compare(before, after, 2), "the first two")
	expect.Equalf(t, &engine.DocumentChanges{Shown: []engine.FieldChange{}}, compare(before, before, 100), "no change")
	only := data{policies: before[policies]}
	expect.Equalf(t, &engine.DocumentChanges{Shown: []engine.FieldChange{}, Missing: []string{"entra.security_defaults"}}, compare(before, only, 100), "one is missing")

	long := slices.Clone(before[policies].(list))
	long[0] = policyOf("p1", "Block legacy", strings.Repeat("é<", 300), "u2", "u1")
	found := compare(before, data{"entra.security_defaults": defaults(true), policies: long}, 100)
	if len(found.Shown) != 1 || len([]rune(found.Shown[0].New)) != 200 || !strings.HasSuffix(found.Shown[0].New, "é<é<…") {
		t.Errorf("a long value is shown as %+v", found)
	}
	if _, err := e.DocumentChanges(t.Context(), bundle(t, before), bundle(t, after), "D", 1); err == nil {
		t.Error("an unknown control has changes")
	}
}

// TestListChanges compares lists of objects by place, and lists of texts by what they hold.
func TestListChanges(t *testing.T) {
	t.Parallel()
	rule := "default compliant := false\n\ncompliant if count(data.evidence.entra.directory_settings) > 0\n\nreasons contains value.name if some value in data.evidence.entra.directory_settings[_].values\n\nreasons contains value.value if some value in data.evidence.entra.directory_settings[_].values\n"
	e := compiled(t, load(t, "setting {}\ncontext = [\"entra.directory_settings\"]\n", rule), engine.Options{})
	of := func(values ...any) data {
		return data{"entra.directory_settings": list{object{"id": "s", "displayName": "Password", "templateId": "t", "values": values}}}
	}
	pair := func(name, value string) object { return object{"name": name, "value": value} }
	found := must.Get(e.DocumentChanges(t.Context(), bundle(t, of(pair("a", "1"), pair("b", "2"))), bundle(t, of(pair("a", "1"), pair("b", "3"), pair("c", "4"))), "C", 10))(t)
	record := &engine.Record{Key: "s", Label: "Password"}
	expect.Equal(t, []engine.FieldChange{
		{Dataset: "entra.directory_settings", Record: record, Field: "values[1].value", Old: `"2"`, New: `"3"`},
		{Dataset: "entra.directory_settings", Record: record, Field: "values[2]", New: `{"name":"c","value":"4"}`},
	}, found.Shown)
}
